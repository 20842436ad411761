// The live feed: connects, hands events over in order, comes back where it left off.

export class Feed {
  #listener;
  #socket = null;
  #position = null;
  #wait = 500;

  // listener: { opened(recovered), events(list), gap(gap), closed(seconds) }
  constructor(listener) {
    this.#listener = listener;
  }

  connect() {
    const scheme = location.protocol === "https:" ? "wss" : "ws";
    const since = this.#position ? `?since=${this.#position}` : "";
    this.#socket = new WebSocket(`${scheme}://${location.host}/api/v1/events/ws${since}`);
    this.#socket.onmessage = (message) => this.#take(JSON.parse(message.data));
    this.#socket.onclose = () => this.#again();
  }

  #take(frame) {
    if (frame.hello) {
      this.#wait = 500;
      if (!this.#position) this.#position = `${frame.hello.epoch}:${frame.hello.offset}`;
      this.#listener.opened();
    }
    if (frame.batch) {
      const last = frame.batch.at(-1);
      this.#position = `${last.epoch}:${last.offset}`;
      this.#listener.events(frame.batch);
    }
    if (frame.position) this.#position = `${frame.position.epoch}:${frame.position.offset}`;
    if (frame.gap) this.#listener.gap(frame.gap);
  }

  #again() {
    this.#listener.closed(this.#wait / 1000);
    setTimeout(() => this.connect(), this.#wait);
    this.#wait = Math.min(this.#wait * 2, 10_000);
  }
}
