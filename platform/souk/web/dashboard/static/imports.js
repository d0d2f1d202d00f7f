// The bars of uploads, imports and exports. Without this script the pages load themselves again.

/** Ask for the progress every second; when the work has ended, show the page of what became of it. */
function follow(place) {
  const bar = place.querySelector("progress");
  const ask = async () => {
    try {
      const answer = await fetch(place.dataset.progress, { headers: { Accept: "application/json" } });
      if (!answer.ok) throw new Error(String(answer.status));
      const facts = await answer.json();
      bar.value = facts.percent;
      for (const [name, value] of Object.entries(facts)) {
        for (const told of document.querySelectorAll(`[data-count=${name}]`)) told.textContent = value.toLocaleString();
      }
      if (!facts.running) {
        location.reload();
        return;
      }
    } catch { /* a server that starts anew answers again soon */ }
    setTimeout(ask, 1000);
  };
  setTimeout(ask, 700);
}

/** Send a large file with a bar, and go where the answer leads. */
function bindUpload(form) {
  const bar = form.querySelector("progress");
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const request = new XMLHttpRequest();
    request.open("POST", form.action);
    request.upload.addEventListener("progress", (sent) => {
      if (sent.lengthComputable) bar.value = (sent.loaded / sent.total) * 100;
    });
    request.addEventListener("load", () => {
      if (request.status < 400) {
        location.assign(request.responseURL);
      } else {
        document.open();
        document.write(request.responseText);
        document.close();
      }
    });
    request.addEventListener("error", () => {
      form.querySelector("button").disabled = false;
      bar.hidden = true;
      form.querySelector("[data-told]").textContent = "The connection broke off; send the file again.";
    });
    form.querySelector("button").disabled = true;
    bar.hidden = false;
    request.send(new FormData(form));
  });
}

document.querySelectorAll("[data-progress]").forEach(follow);
document.querySelectorAll("form[data-upload]").forEach(bindUpload);
