package io.selfheal.service;

/** Which budget in which period: agents that agree on all of it share it. */
record BudgetKey(String service, String currency, BudgetPeriod period) {}
