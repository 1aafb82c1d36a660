(function () {
  "use strict";
  function fold(text) {
    return text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").toLowerCase().replace(/œ/g, "oe").replace(/[^a-z0-9]+/g, " ").trim();
  }
  // A territory of a map opens its page; a list has the same links for the keyboard.
  document.addEventListener("click", (event) => {
    const area = event.target.closest(".map [data-t]");
    if (area) {
      location.href = `${document.querySelector("form.search").dataset.root}territoires/${area.dataset.t.replace(":", "-")}.html`;
    }
  });
  // A link to what is folded opens it.
  function unfold() {
    const part = document.getElementById(location.hash.slice(1));
    if (part && part.tagName === "DETAILS") { part.open = true; }
  }
  window.addEventListener("hashchange", unfold);
  unfold();
  function holds(part, words) {
    part.folded = part.folded || fold(part.textContent);
    return words.every((word) => part.folded.includes(word));
  }
  // Of a table that folds away, a filter shows the rows that hold the words, or all where its name holds them.
  function sift(part, words) {
    const rows = Array.from(part.querySelectorAll("tbody tr")), isNamed = holds(part.querySelector("summary") || part, words);
    rows.forEach((row) => { row.hidden = !isNamed && !holds(row, words); });
    part.hidden = !isNamed && rows.every((row) => row.hidden);
    part.open = !part.hidden && words[0] !== "";
    return !part.hidden;
  }
  document.querySelectorAll("[data-filter]").forEach((filter) => {
    const parts = Array.from(document.querySelectorAll(filter.dataset.filter));
    const count = document.querySelector(filter.dataset.count), around = parts[0] && parts[0].parentNode.closest("details");
    filter.addEventListener("input", () => {
      const words = fold(filter.value).split(" "), shown = parts.filter((part) => sift(part, words)).length;
      if (around) { around.open = true; }
      count.textContent = words[0] === "" ? "" : shown ? `${shown} sur ${parts.length}` : "Aucun résultat";
    });
  });
})();
