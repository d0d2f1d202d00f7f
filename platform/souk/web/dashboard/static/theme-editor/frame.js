// The storefront beside the controls: which page it shows, and what of it is drawn again after a change.
// Only messages of the preview's own origin and of this very frame are heard.
import { debounce } from "./dom.js";

const TYPING_MS = 30;

export class Preview {
  constructor(element, data, hooks) {
    this.element = element;
    this.data = data;
    this.hooks = hooks;
    this.ready = false;
    this.seq = 0;
    this.waiting = new Set();
    this.whole = false;
    this.running = false;
    this.inspecting = true;
    this.soon = debounce(() => this.flush(), TYPING_MS);
    addEventListener("message", (event) => this.hear(event));
  }

  /** Show a page of the shop; `template` picks an alternate of its kind. */
  open(path, template) {
    this.ready = false;
    this.path = path;
    const address = new URL(path, this.data.preview);
    address.searchParams.set("pt", this.data.pass);
    if (template) address.searchParams.set("_template", template);
    this.element.src = address;
    this.hooks.busy(true);
  }

  send(type, facts = {}) {
    // Until the page is there, the frame holds a document of nobody.
    if (!this.ready) return;
    this.element.contentWindow?.postMessage({ souk: 1, type, ...facts }, this.data.preview);
  }

  hear(event) {
    if (event.origin !== this.data.preview || event.source !== this.element.contentWindow) return;
    if (event.data?.souk !== 1) return;
    this.does[event.data.type]?.(event.data);
  }

  does = {
    ready: (message) => {
      this.ready = true;
      this.running = false;
      this.hooks.busy(false);
      this.send("inspect", { on: this.inspecting });
      this.hooks.ready(message);
      if (this.waiting.size || this.whole || this.hooks.unsaved()) { this.whole = true; this.flush(); }
    },
    rendered: (message) => this.ended(message),
    failed: (message) => { this.ended(message); this.hooks.failed(message.message); },
    selected: (message) => this.hooks.selected(message),
    follow: (message) => this.hooks.follow(message.path),
    key: (message) => this.hooks.key(message),
  };

  ended(message) {
    if (message.seq !== this.seq) return;
    this.running = false;
    document.documentElement.dataset.rendered = String(message.ms ?? "");
    if (this.waiting.size || this.whole) this.flush();
    else this.hooks.busy(false);
  }

  /** Draw sections again, or with null the whole page. */
  draw(section) {
    if (section === null) this.whole = true;
    else this.waiting.add(section);
    this.soon();
  }

  flush() {
    if (!this.ready || this.running || !(this.waiting.size || this.whole)) return;
    this.running = true;
    this.seq += 1;
    this.hooks.busy(true);
    const draft = this.hooks.draft();
    if (this.whole || this.waiting.size > 5) this.send("refresh", { draft, seq: this.seq });
    else this.send("render", { draft, seq: this.seq, sections: [...this.waiting] });
    this.waiting.clear();
    this.whole = false;
  }

  inspect(on) {
    this.inspecting = on;
    this.send("inspect", { on });
  }
}
