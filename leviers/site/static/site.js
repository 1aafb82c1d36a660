(function () {
  "use strict";
  function fold(text) {
    return text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").toLowerCase().replace(/œ/g, "oe").replace(/[^a-z0-9]+/g, " ").trim();
  }
  var form = document.querySelector("form.search");
  var input = document.getElementById("recherche");
  var list = document.getElementById("resultats");
  var entries = (window.LEVIERS_INDEX || []).concat(window.LEVIERS_COMMUNES || []);
  function show() {
    var words = fold(input.value);
    list.textContent = "";
    if (words.length < 2) { return; }
    var starts = [], holds = [];
    for (var i = 0; i < entries.length && starts.length < 8; i++) {
      var at = (" " + entries[i][1]).indexOf(" " + words);
      if (at === 0) { starts.push(entries[i]); } else if (at > 0) { holds.push(entries[i]); }
    }
    var found = starts.concat(holds).slice(0, 8);
    found.forEach(function (entry) {
      var item = document.createElement("li"), link = document.createElement("a");
      link.href = form.dataset.root + entry[2];
      link.textContent = entry[0];
      item.appendChild(link);
      list.appendChild(item);
    });
    if (!found.length) {
      var none = document.createElement("li");
      none.textContent = "Aucun résultat";
      list.appendChild(none);
    }
  }
  input.addEventListener("input", show);
  form.addEventListener("submit", function (event) {
    event.preventDefault();
    var first = list.querySelector("a");
    if (first) { location.href = first.href; }
  });
  document.addEventListener("click", function (event) {
    var area = event.target.closest("[data-page]");
    if (area) { location.href = form.dataset.root + area.dataset.page; }
  });
  document.querySelectorAll("[data-filter]").forEach(function (filter) {
    filter.addEventListener("input", function () {
      var words = fold(filter.value);
      document.querySelectorAll(filter.dataset.filter).forEach(function (part) {
        part.hidden = fold(part.textContent).indexOf(words) < 0;
      });
    });
  });
})();
