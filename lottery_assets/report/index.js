"use strict";
(function () {
  const body = document.querySelector("tbody");
  const heads = Array.from(document.querySelectorAll("thead th"));

  // The page may have been written days ago: ages and what is overdue are told as of today [days since year 1, UTC].
  const today = Math.floor(Date.now() / 864e5) + 719163;
  const asOf = document.querySelector("time"), iso = new Date().toISOString().slice(0, 10);
  if (iso > asOf.textContent) asOf.textContent = iso;
  for (const row of body.rows) {
    const age = today - Number(row.dataset.week), state = row.querySelector(".state");
    if (!(age > Number(row.dataset.age))) continue;
    row.dataset.age = age;
    row.querySelector("[data-label=age]").textContent = age < 0 ? `in ${-age} days` : `${age.toLocaleString("en")} days`;
    if (age < 7 || !row.dataset.overdue) continue;
    row.dataset.state = row.dataset.overdue;
    state.className = "state text warn";
    state.querySelector("b").textContent = "overdue";
  }

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
