// Keeps the draft on the server while one works, and never over what somebody else has kept.
import { get, post, Refused } from "./api.js";
import { debounce, dialog, h, say, toast } from "./dom.js";

const WAIT_MS = 700;
const LOOK_MS = 8000;

export class Saver {
  constructor(store, data, hooks) {
    this.store = store;
    this.data = data;
    this.hooks = hooks;
    this.version = data.state.version;
    this.kept = JSON.stringify(store.state);
    this.busy = null;
    this.stopped = false;
    this.soon = debounce(() => this.save(), WAIT_MS);
    store.onChange(() => { this.hooks.status(this.dirty ? "Saving…" : "Saved"); if (this.dirty) this.soon(); });
    addEventListener("pagehide", () => { if (this.dirty && !this.stopped) this.send(this.store.state, { keepalive: true }).catch(() => {}); });
    addEventListener("beforeunload", (event) => { if (this.dirty && this.stopped) event.preventDefault(); });
    setInterval(() => { if (!document.hidden) this.look(); }, LOOK_MS);
    this.look();
  }

  get dirty() { return JSON.stringify(this.store.state) !== this.kept; }

  send(state, more) { return post(this.data.urls.save, { version: this.version, ...state }, more); }

  /** Save what is not saved; resolves when the server has the newest state. */
  async save() {
    if (this.busy) await this.busy.catch(() => {});
    if (!this.dirty || this.stopped) return;
    const state = this.store.state;
    this.busy = this.send(state);
    try {
      const { version } = await this.busy;
      this.version = version;
      this.kept = JSON.stringify(state);
      this.hooks.saved();
      this.hooks.status(this.dirty ? "Saving…" : "Saved");
    } catch (error) {
      this.refused(error);
    } finally {
      this.busy = null;
    }
    if (this.dirty && !this.stopped) this.soon();
  }

  refused(error) {
    if (error instanceof Refused && error.status === 409) { this.conflict(error.body.by_name, error.body.version); return; }
    this.hooks.status("Not saved", error.message);
    toast(error.message, true);
    if (!(error instanceof Refused) || error.status >= 500) setTimeout(() => this.soon(), 3000);
  }

  /** Ask who is here too, and whether the draft on the server is still the one shown here. */
  async look() {
    try {
      const found = await get(this.data.urls.state);
      this.hooks.others(found.others);
      if (found.version > this.version && !this.busy && !this.stopped) this.conflict(found.by_name, found.version);
    } catch (error) {
      if (error instanceof Refused && error.status === 404) this.hooks.status("Deleted", "The theme was deleted.");
    }
  }

  /** Let a person decide: nothing is overwritten without being asked. */
  conflict(name, version) {
    if (this.stopped) return;
    this.stopped = true;
    this.hooks.status("Changed elsewhere");
    say(`${name} has changed this theme meanwhile.`);
    const take = h("button", { type: "button", class: "main", onclick: () => this.takeTheirs(box) }, "Load their version");
    const keep = h("button", { type: "button", onclick: () => { this.version = version; box.close(); } }, "Keep mine instead");
    const box = dialog("Changed by somebody else", h("div", { class: "stack" },
      h("p", {}, `${name} has changed this theme since you opened it.`),
      h("p", { class: "muted" }, "Load their version, and yours stays one step back under Undo. Or keep yours, which replaces theirs in this draft."),
      h("div", { class: "row" }, take, keep)), { close: () => this.resume() });
  }

  async takeTheirs(box) {
    try {
      const found = await get(this.data.urls.state, { whole: 1 });
      this.version = found.version;
      this.kept = JSON.stringify({ settings: found.settings, templates: found.templates });
      this.store.replace(found);
    } catch (error) { toast(error.message, true); }
    box.close();
  }

  resume() {
    this.stopped = false;
    this.hooks.status(this.dirty ? "Saving…" : "Saved");
    if (this.dirty) this.soon();
  }
}
