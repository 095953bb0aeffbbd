"use strict";
(function () {
  const body = document.querySelector("tbody");
  const heads = Array.from(document.querySelectorAll("thead th"));

  function compare(by) {
    return (one, other) => {
      const [a, b] = [one.dataset[by], other.dataset[by]];
      if (a === undefined || b === undefined) return (a === undefined) - (b === undefined);
      return by === "country" ? a.localeCompare(b) : Number(a) - Number(b);
    };
  }

  for (const head of heads) {
    const button = head.querySelector("button");
    if (!button) continue;
    button.addEventListener("click", () => {
      const down = head.getAttribute("aria-sort") === "ascending";
      const by = button.dataset.by, order = compare(by);
      const known = (row) => row.dataset[by] !== undefined;
      const rows = Array.from(body.rows);
      rows.sort((a, b) => (down && known(a) && known(b) ? -1 : 1) * order(a, b));
      body.append(...rows);
      for (const other of heads) other.removeAttribute("aria-sort");
      head.setAttribute("aria-sort", down ? "descending" : "ascending");
    });
  }
})();
