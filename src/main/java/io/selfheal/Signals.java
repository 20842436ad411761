package io.selfheal;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;

/**
 * Runs code when the process is told to stop. A shutdown hook cannot do this: the JVM ignores a
 * second signal while its hooks run, and an operator's second Ctrl-C must count.
 */
final class Signals {
  private Signals() {}

  /**
   * Takes over a signal.
   *
   * @param name without SIG, for example TERM
   */
  static void on(String name, Runnable action) {
    try {
      // By reflection: javac warns of any mention of sun.misc, and warnings are errors here. There
      // is no other way to see a signal in the JDK.
      Class<?> signal = Class.forName("sun.misc.Signal");
      Class<?> handler = Class.forName("sun.misc.SignalHandler");
      Object listening =
          Proxy.newProxyInstance(
              Signals.class.getClassLoader(),
              new Class<?>[] {handler},
              (proxy, method, arguments) -> {
                if (method.getName().equals("handle")) {
                  action.run();
                  return null;
                }
                return method.invoke(action, arguments);
              });
      signal
          .getMethod("handle", signal, handler)
          .invoke(null, signal.getConstructor(String.class).newInstance(name), listening);
    } catch (ReflectiveOperationException missing) {
      Throwable cause =
          missing instanceof InvocationTargetException wrapped && wrapped.getCause() != null
              ? wrapped.getCause()
              : missing;
      throw new IllegalStateException("this JVM lets nobody see SIG" + name, cause);
    }
  }
}
