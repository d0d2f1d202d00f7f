// Says on every page of a shared preview that shoppers do not see it.
const bar = document.createElement("div");
bar.setAttribute("role", "note");
bar.textContent = "Preview: shoppers do not see this yet.";
bar.style.cssText =
  "position:fixed;z-index:2147483647;inset:auto auto 16px 50%;transform:translateX(-50%);padding:8px 16px;" +
  "border-radius:99px;background:#1b1f24;color:#fff;font:500 13px/1.4 system-ui,sans-serif;box-shadow:0 4px 16px #0004;" +
  "max-width:calc(100vw - 32px)";
document.body.append(bar);
