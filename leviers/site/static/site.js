(function () {
  "use strict";
  // A territory of a map opens its page; a list has the same links for the keyboard.
  document.addEventListener("click", (event) => {
    const area = event.target.closest(".map [data-t]");
    if (area) {
      location.href = `${document.querySelector("form.search").dataset.root}territoires/${area.dataset.t.replace(":", "-")}.html`;
    }
  });
  // The menu closes on Escape, and gives the focus back.
  document.addEventListener("keydown", (event) => {
    const menu = document.querySelector(".menu[open]");
    if (menu && event.key === "Escape") {
      menu.open = false;
      menu.firstElementChild.focus();
    }
  });
  // A link to what is folded opens it.
  function unfold() {
    const part = document.getElementById(location.hash.slice(1));
    if (part && part.tagName === "DETAILS") { part.open = true; }
  }
  window.addEventListener("hashchange", unfold);
  unfold();
})();
