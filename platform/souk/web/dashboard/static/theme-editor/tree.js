// Sections and blocks as data: found, added, moved, hidden and removed by where they stand.
// A place is {path, section, blocks}: the page, the section, and the ids of the blocks down to the one meant.

const clone = (value) => structuredClone(value);

/** Return the entries of a list in their order: [id, entry]. */
export function entries(owner, names = "blocks", order = "block_order") {
  const known = owner?.[names] ?? {};
  const listed = owner?.[order]?.length ? owner[order] : Object.keys(known);
  return [...new Set(listed)].filter((id) => known[id]).map((id) => [id, known[id]]);
}

export const sectionsOf = (page) => entries(page, "sections", "order");

/** Return what holds the list that `place` stands in, with the names of its two parts. */
function holder(page, place) {
  if (!place.blocks?.length) return { owner: page, names: "sections", order: "order", id: place.section };
  let owner = page.sections[place.section];
  for (const id of place.blocks.slice(0, -1)) owner = owner.blocks[id];
  return { owner, names: "blocks", order: "block_order", id: place.blocks.at(-1) };
}

export function find(page, place) {
  let found = page.sections?.[place.section];
  for (const id of place.blocks ?? []) found = found?.blocks?.[id];
  return found ?? null;
}

export function move(page, place, to) {
  const { owner, names, order, id } = holder(page, place);
  const list = entries(owner, names, order).map(([name]) => name);
  const from = list.indexOf(id);
  if (from < 0 || to < 0 || to >= list.length) return;
  list.splice(to, 0, ...list.splice(from, 1));
  owner[order] = list;
}

export function placeAmong(page, place) {
  const { owner, names, order, id } = holder(page, place);
  const list = entries(owner, names, order).map(([name]) => name);
  return { at: list.indexOf(id), of: list.length };
}

export function remove(page, place) {
  const { owner, names, order, id } = holder(page, place);
  delete owner[names][id];
  owner[order] = (owner[order] ?? []).filter((each) => each !== id);
}

function freeId(known, type) {
  const base = type.replace(/^@app\//, "").replace(/[^a-z0-9_-]/gi, "-");
  for (let at = 1; ; at += 1) {
    const id = at === 1 ? base : `${base}-${at}`;
    if (!known[id]) return id;
  }
}

export function duplicate(page, place) {
  const { owner, names, order, id } = holder(page, place);
  const list = entries(owner, names, order).map(([name]) => name);
  const fresh = freeId(owner[names], owner[names][id].type);
  owner[names][fresh] = clone(owner[names][id]);
  list.splice(list.indexOf(id) + 1, 0, fresh);
  owner[order] = list;
  return fresh;
}

export function addSection(page, type, preset, at) {
  page.sections ??= {};
  const list = sectionsOf(page).map(([name]) => name);
  const id = freeId(page.sections, type);
  page.sections[id] = fromPreset(type, preset);
  list.splice(at ?? list.length, 0, id);
  page.order = list;
  return id;
}

export function addBlock(owner, type, settings = {}) {
  owner.blocks ??= {};
  const list = entries(owner).map(([name]) => name);
  const id = freeId(owner.blocks, type);
  owner.blocks[id] = { type, settings };
  owner.block_order = [...list, id];
  return id;
}

/** Presets write blocks as a list or by id; what is stored has ids and an order. */
function fromPreset(type, preset = {}) {
  const made = { type, settings: clone(preset.settings ?? {}) };
  const given = preset.blocks;
  const blocks = Array.isArray(given) ? given : Object.values(given ?? {});
  for (const block of blocks) {
    const id = addBlock(made, block.type, {});
    made.blocks[id] = { ...fromPreset(block.type, block) };
  }
  return made;
}

// ---- What the theme's schemas say ------------------------------------------------------------------------------

export const titleOfSection = (data, entry) => entry.name || data.sections[entry.type]?.name || entry.type;

/** Return {name, settings, limit} of a block type within its section. */
export function blockSchema(data, sectionType, type) {
  const own = (data.sections[sectionType]?.blocks ?? []).find((block) => block.type === type);
  const file = data.blocks[type] ?? data.apps[type];
  return { name: own?.name ?? file?.name ?? type.replace("@app/", "App: "), limit: own?.limit ?? data.apps[type]?.limit,
    settings: own?.settings?.length ? own.settings : file?.settings ?? [], nested: file?.blocks ?? [] };
}

/** Name a block by what stands in it, so that five of a kind can be told apart. */
export function titleOfBlock(data, sectionType, entry) {
  const name = blockSchema(data, sectionType, entry.type).name;
  const text = ["heading", "title", "text", "label", "name", "quote", "question"].map((id) => entry.settings?.[id])
    .find((value) => typeof value === "string" && value.trim());
  const plain = text?.replace(/<[^>]*>/g, " ").replace(/\s+/g, " ").trim();
  return plain ? `${name}: ${plain.length > 40 ? `${plain.slice(0, 40)}…` : plain}` : name;
}

/** Return the block types that may be added to a section, or to a block within it. */
export function addableBlocks(data, section, owner, inner) {
  const schema = data.sections[section.type] ?? {};
  const declared = inner ? blockSchema(data, section.type, owner.type).nested : schema.blocks ?? [];
  const here = entries(owner).map(([, block]) => block.type);
  const most = schema.max_blocks ?? 50;
  if (here.length >= most) return [];
  const found = declared.filter((block) => !block.type.startsWith("@"))
    .map((block) => ({ type: block.type, name: blockSchema(data, section.type, block.type).name, limit: block.limit }));
  if (declared.some((block) => block.type === "@theme")) {
    const known = new Set(found.map((block) => block.type));
    for (const [type, block] of Object.entries(data.blocks)) {
      if (!type.startsWith("_") && !known.has(type)) found.push({ type, name: block.name ?? type });
    }
  }
  if (declared.some((block) => block.type === "@app")) {
    for (const [type, block] of Object.entries(data.apps)) {
      if (block.on) found.push({ type, name: block.name ?? type, limit: block.limit, app: block.app });
    }
  }
  return found.filter((block) => !block.limit || here.filter((type) => type === block.type).length < block.limit);
}

/** Return the sections that may be added to a page: those with presets, where their schema allows them. */
export function addableSections(data, path, page) {
  const group = path.startsWith("sections/") ? page.type ?? "" : null;
  const template = path.replace("templates/", "").replace(".json", "").split(".")[0];
  const count = (type) => sectionsOf(page).filter(([, entry]) => entry.type === type).length;
  const listed = (where) => (group === null ? where?.templates?.some((name) => name === template || name === "*")
    : where?.groups?.some((name) => name === group || name === "*"));
  const found = [];
  for (const [type, schema] of Object.entries(data.sections)) {
    const allowed = schema.enabled_on ? listed(schema.enabled_on) : !listed(schema.disabled_on);
    if (!allowed || (schema.limit && count(type) >= schema.limit)) continue;
    for (const preset of schema.presets ?? []) found.push({ type, preset, name: preset.name ?? schema.name });
  }
  return found.sort((one, other) => one.name.localeCompare(other.name));
}
