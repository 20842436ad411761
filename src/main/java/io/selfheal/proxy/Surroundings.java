package io.selfheal.proxy;

import io.selfheal.bus.Bus;
import io.selfheal.bus.Time;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import java.util.function.DoubleSupplier;

/**
 * What every exchange uses.
 *
 * @param random from 0 to 1
 */
record Surroundings(Vertx vertx, HttpClient client, Bus bus, Time time, DoubleSupplier random) {}
