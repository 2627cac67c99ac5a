// Stands in for the telephone company's program in a browser: the same names and states, and a wire whose other end
// is in the test's hand. What it asserts of the real one is checked beside it, where the real one is installed.

class Emitter {
  #heard = new Map();
  on(event, hear) {
    this.#heard.set(event, [...(this.#heard.get(event) ?? []), hear]);
    return this;
  }
  emit(event, ...told) {
    for (const hear of this.#heard.get(event) ?? []) hear(...told);
  }
}

class Call extends Emitter {
  #status = "pending";
  #muted = false;
  status = () => this.#status;
  isMuted = () => this.#muted;
  accept() {
    this.#move("open", "accept");
  }
  mute(wanted) {
    this.#muted = wanted;
    this.emit("mute", wanted, this);
  }
  end() {
    this.#move("closed", "disconnect");
  }
  cancel() {
    this.#move("closed", "cancel");
  }
  #move(status, event) {
    this.#status = status;
    this.emit(event, this);
  }
}

class Device extends Emitter {
  constructor(token, options) {
    super();
    Object.assign(this, { token, options, state: "unregistered", audio: { incoming() {} } });
    window.wire.devices.push(this);
  }
  async register() {
    this.become("registering");
    if (window.wire.reachable) this.become("registered");
  }
  become(state) {
    this.state = state;
    this.emit(state);
  }
  updateToken(token) {
    this.token = token;
  }
  destroy() {
    this.state = "destroyed";
  }
}

window.wire = {
  devices: [],
  call: null,
  reachable: false,
  get device() {
    return this.devices.at(-1);
  },
  connect() {
    this.reachable = true;
    this.device?.become("registered"); // or as soon as there is one
  },
  cut() {
    this.reachable = false;
    this.device.become("unregistered");
  },
  ring() {
    this.call = new Call();
    this.device.emit("incoming", this.call);
  },
};
window.Twilio = { Device };
