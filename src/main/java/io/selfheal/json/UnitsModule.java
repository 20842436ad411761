package io.selfheal.json;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import java.io.IOException;
import java.time.Duration;
import java.util.Locale;

/** Durations as whole milliseconds, enum constants in lower case, absent flags as false. */
final class UnitsModule extends SimpleModule {
  private static final long serialVersionUID = 1L;

  @SuppressWarnings({"unchecked", "rawtypes"})
  UnitsModule() {
    addSerializer(Duration.class, new MillisOut());
    addDeserializer(Duration.class, new MillisIn());
    addDeserializer(boolean.class, new FlagIn());
    addSerializer((Class<Enum<?>>) (Class) Enum.class, new LowerCase());
  }

  private static final class MillisOut extends StdSerializer<Duration> {
    private static final long serialVersionUID = 1L;

    MillisOut() {
      super(Duration.class);
    }

    @Override
    public void serialize(Duration value, JsonGenerator out, SerializerProvider provider)
        throws IOException {
      out.writeNumber(value.toMillis());
    }
  }

  private static final class MillisIn extends StdDeserializer<Duration> {
    private static final long serialVersionUID = 1L;

    MillisIn() {
      super(Duration.class);
    }

    @Override
    public Duration deserialize(JsonParser in, DeserializationContext context) throws IOException {
      return Duration.ofMillis(in.getLongValue());
    }
  }

  /** A record that was written before it had a flag says false. */
  private static final class FlagIn extends StdDeserializer<Boolean> {
    private static final long serialVersionUID = 1L;

    FlagIn() {
      super(boolean.class);
    }

    @Override
    public Boolean deserialize(JsonParser in, DeserializationContext context) throws IOException {
      return in.currentToken().isBoolean()
          ? in.getBooleanValue()
          : (Boolean) context.handleUnexpectedToken(boolean.class, in);
    }

    @Override
    public Boolean getNullValue(DeserializationContext context) throws JsonMappingException {
      return context.reportInputMismatch(this, "null is neither true nor false");
    }

    @Override
    public Object getAbsentValue(DeserializationContext context) {
      return false;
    }
  }

  private static final class LowerCase extends StdSerializer<Enum<?>> {
    private static final long serialVersionUID = 1L;

    @SuppressWarnings({"unchecked", "rawtypes"})
    LowerCase() {
      super((Class<Enum<?>>) (Class) Enum.class);
    }

    @Override
    public void serialize(Enum<?> value, JsonGenerator out, SerializerProvider provider)
        throws IOException {
      out.writeString(value.name().toLowerCase(Locale.ROOT));
    }
  }
}
