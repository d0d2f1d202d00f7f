// Colours for code: a few token kinds for each language, found from left to right.

const NUMBER = /-?\b\d+(?:\.\d+)?(?:px|rem|em|%|s|ms|fr|vw|vh)?\b/;
const STRING = /"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'/;
const word = (words) => new RegExp(`\\b(?:${words})\\b`);

const JINJA = [
  ["comment", /\{#[\s\S]*?#\}/], ["string", STRING],
  ["keyword", word("for|endfor|if|elif|else|endif|set|endset|in|not|and|or|is|macro|endmacro|render|section|sections|paginate|endpaginate|form|endform|content_for|slot|style|endstyle|schema|endschema|stylesheet|endstylesheet|javascript|endjavascript|as|by|with|call|endcall|true|false|none")],
  ["filter", /\|\s*[a-z_]+/], ["number", NUMBER],
];
const JSON_TOKENS = [["key", /"(?:[^"\\\n]|\\.)*"(?=\s*:)/], ["string", STRING], ["keyword", word("true|false|null")], ["number", NUMBER]];
const CSS = [["comment", /\/\*[\s\S]*?\*\//], ["string", STRING], ["key", /[-a-z]+(?=\s*:[^{}]*[;}])|--[-\w]+/], ["keyword", /@[-a-z]+|!important/], ["number", /#[0-9a-f]{3,8}\b/i], ["number", NUMBER]];
const JS = [
  ["comment", /\/\*[\s\S]*?\*\/|\/\/[^\n]*/], ["string", /`(?:[^`\\]|\\.)*`/], ["string", STRING],
  ["keyword", word("const|let|var|function|return|if|else|for|of|in|while|class|extends|new|import|export|from|async|await|try|catch|finally|throw|typeof|this|null|undefined|true|false|default|switch|case|break|continue")],
  ["number", NUMBER],
];
// A page is HTML with the theme's language within; parts in other languages are painted by theirs.
const HTML = [
  ["comment", /<!--[\s\S]*?-->|\{#[\s\S]*?#\}/],
  ["json", /(?<=\{%-?\s*schema\s*-?%\})[\s\S]*?(?=\{%-?\s*endschema)/],
  ["css", /(?<=\{%-?\s*stylesheet\s*-?%\})[\s\S]*?(?=\{%-?\s*endstylesheet)|(?<=<style>)[\s\S]*?(?=<\/style)/],
  ["js", /(?<=\{%-?\s*javascript\s*-?%\})[\s\S]*?(?=\{%-?\s*endjavascript)/],
  ["jinja", /\{%[\s\S]*?%\}|\{\{[\s\S]*?\}\}/], ["tag", /<\/?[a-zA-Z][\w-]*|\/?>/],
  ["key", /[-\w:@]+(?==["'])/], ["string", /"[^"{}]*"|'[^'{}]*'/],
];
const NESTED = { json: JSON_TOKENS, css: CSS, js: JS, jinja: JINJA };
const BY_END = { html: HTML, svg: HTML, json: JSON_TOKENS, css: CSS, js: JS };

function paint(text, rules, out) {
  const joined = new RegExp(rules.map(([, rule]) => `(${rule.source.replace(/\((?!\?)/g, "(?:")})`).join("|"), "gi");
  let at = 0;
  for (const match of text.matchAll(joined)) {
    if (match[0] === "") continue;
    if (match.index > at) out.append(text.slice(at, match.index));
    const kind = rules[match.slice(1).findIndex((each) => each !== undefined)][0];
    const part = document.createElement("span");
    part.className = `t-${kind}`;
    if (NESTED[kind]) paint(match[0], NESTED[kind], part); else part.textContent = match[0];
    out.append(part);
    at = match.index + match[0].length;
  }
  out.append(text.slice(at));
}

/** Return the painted text of a file; a very large one stays plain, so that typing stays quick. */
export function painted(text, path) {
  const made = document.createDocumentFragment();
  const rules = BY_END[path.split(".").at(-1)];
  if (rules && text.length < 120_000) paint(text, rules, made); else made.append(text);
  made.append("\n");
  return made;
}
