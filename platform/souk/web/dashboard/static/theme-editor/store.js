// The draft in the browser: one plain value, changed in steps that can be taken back.

const MOST_STEPS = 200;
const ONE_STEP_MS = 900;
const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);
const clone = (value) => structuredClone(value);

/** `data` is what the server knows of the theme; `state` holds {settings, templates} of the merchant's layer. */
export class Store {
  constructor(data) {
    this.data = data;
    this.state = { settings: clone(data.state.settings), templates: clone(data.state.templates) };
    this.past = [];
    this.future = [];
    this.listeners = [];
    this.last = { merge: null, at: 0 };
  }

  onChange(listener) { this.listeners.push(listener); }

  tell(change) { for (const listener of this.listeners) listener(change); }

  /** The page as it is now: the merchant's own, or the theme's. */
  page(path) { return this.state.templates[path] ?? this.data.pages[path] ?? { sections: {}, order: [] }; }

  setting(id) {
    if (id in this.state.settings) return this.state.settings[id];
    return id in this.data.base_settings ? this.data.base_settings[id] : this.defaults[id];
  }

  get defaults() {
    this.known ??= Object.fromEntries(this.data.settings_schema.flatMap((group) => group.settings ?? [])
      .filter((setting) => setting.id).map((setting) => [setting.id, setting.default]));
    return this.known;
  }

  get settings() {
    return { ...this.defaults, ...this.data.base_settings, ...this.state.settings };
  }

  /** Change a copy of the state; steps with the same `merge` close together are one for undo. */
  commit(change, act) {
    const before = JSON.stringify(this.state);
    const next = clone(this.state);
    act(next);
    if (JSON.stringify(next) === before) return;
    const now = Date.now();
    const joined = change.merge && change.merge === this.last.merge && now - this.last.at < ONE_STEP_MS;
    if (!joined) this.past = [...this.past.slice(1 - MOST_STEPS), before];
    this.future = [];
    this.last = { merge: change.merge ?? null, at: now };
    this.state = next;
    this.tell(change);
  }

  /** Change one page; a page that ends as the theme's own is none of the merchant's. */
  commitPage(path, change, act) {
    this.commit({ path, ...change }, (state) => {
      const page = clone(state.templates[path] ?? this.data.pages[path] ?? { sections: {}, order: [] });
      act(page);
      if (same(page, this.data.pages[path])) delete state.templates[path];
      else state.templates[path] = page;
    });
  }

  commitSetting(id, value) {
    this.commit({ settings: true, merge: `setting:${id}` }, (state) => this.write(state, id, value));
  }

  write(state, id, value) {
    const own = id in this.data.base_settings ? this.data.base_settings[id] : this.defaults[id];
    if (same(value, own) || (value === "" && own === undefined)) delete state.settings[id];
    else state.settings[id] = value;
  }

  /** Take all of another state, as one step that can be taken back. */
  replace(state, change = { all: true }) {
    this.commit(change, (next) => { next.settings = clone(state.settings); next.templates = clone(state.templates); });
  }

  undo() { this.travel(this.past, this.future); }

  redo() { this.travel(this.future, this.past); }

  travel(from, to) {
    const step = from.at(-1);
    if (step === undefined) return;
    from.pop();
    to.push(JSON.stringify(this.state));
    this.state = JSON.parse(step);
    this.last = { merge: null, at: 0 };
    this.tell({ all: true, travelled: true });
  }
}
