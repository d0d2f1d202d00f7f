// `visible_if`: the same tiny grammar of comparisons that themes/visibility.py reads; never run as code.
const TERM = /^\s*(not\s+)?(section|block|settings)(?:\.settings)?\.([a-z][a-z0-9_]{0,59})(?:\s*(==|!=|>=|<=|>|<)\s*("[^"\\]*"|'[^'\\]*'|-?\d{1,9}(?:\.\d{1,6})?|true|false|blank))?\s*$/;
const SIGNS = {
  "==": (a, b) => a === b, "!=": (a, b) => a !== b, ">": (a, b) => a > b, "<": (a, b) => a < b,
  ">=": (a, b) => a >= b, "<=": (a, b) => a <= b,
};

function split(text) {
  const parts = [], joints = new Set();
  let at = 0;
  for (const match of text.matchAll(/"[^"]*"|'[^']*'|(?<=\s)(and|or)(?=\s)/g)) {
    if (!match[1]) continue;
    joints.add(match[1]);
    parts.push(text.slice(at, match.index));
    at = match.index + match[1].length;
  }
  return [[...parts, text.slice(at)], joints];
}

const constant = (text) => {
  if (text === undefined || text === "blank") return null;
  return `"'`.includes(text[0]) ? text.slice(1, -1) : JSON.parse(text);
};

function holds(term, scopes) {
  const [, negated, scope, name, sign, raw] = term;
  let value = scopes[scope]?.[name] ?? null;
  if (!sign) return Boolean(value) !== Boolean(negated);
  const wanted = constant(raw);
  if (wanted === null && value === "") value = null;
  if ([">", "<", ">=", "<="].includes(sign) && typeof value !== typeof wanted) return Boolean(negated);
  return SIGNS[sign](value, wanted) !== Boolean(negated);
}

/** Tell whether to show a setting; a condition that cannot be read shows it. */
export function visible(condition, scopes) {
  if (!condition) return true;
  const [parts, joints] = split(String(condition).trim().replace(/^\{\{/, "").replace(/\}\}$/, "").trim());
  const terms = parts.map((part) => TERM.exec(part));
  if (terms.includes(null) || joints.size > 1) return true;
  const found = terms.map((term) => holds(term, scopes));
  return joints.has("or") ? found.some(Boolean) : found.every(Boolean);
}
