"use strict";
(function () {
  const data = JSON.parse(document.getElementById("curve-data").textContent);
  const slider = document.getElementById("jackpot");
  const picture = document.querySelector("#curve svg");
  const figures = Array.from(document.querySelectorAll("#read [data-figure]"));
  const drawn = (name) => picture.appendChild(document.createElementNS("http://www.w3.org/2000/svg", name));
  const line = drawn("line"), dot = drawn("circle");
  line.setAttribute("class", "moves");
  dot.setAttribute("class", "moves");
  line.setAttribute("y1", data.span[0]);
  line.setAttribute("y2", data.span[1]);
  dot.setAttribute("r", 4);

  function show(place) {
    const point = data.points[place], [x, y] = data.marks[place];
    for (const figure of figures) {
      if (figure.textContent !== point[figure.dataset.figure]) figure.textContent = point[figure.dataset.figure];
    }
    line.setAttribute("x1", x);
    line.setAttribute("x2", x);
    dot.setAttribute("cx", x);
    dot.setAttribute("cy", y);
    line.style.display = dot.style.display = place === data.chosen ? "none" : "";
    slider.value = place;
    slider.setAttribute("aria-valuetext", point.jackpot + ". " + point.says);
  }

  function nearest(event) {
    const at = new DOMPoint(event.clientX, event.clientY).matrixTransform(picture.getScreenCTM().inverse());
    let best = 0;
    data.marks.forEach(([x], place) => { if (Math.abs(x - at.x) < Math.abs(data.marks[best][0] - at.x)) best = place; });
    return best;
  }

  slider.addEventListener("input", () => show(Number(slider.value)));
  picture.addEventListener("pointermove", (event) => show(nearest(event)));
  picture.addEventListener("pointerdown", (event) => show(nearest(event)));
  document.getElementById("back").addEventListener("click", () => show(data.chosen));
  window.addEventListener("beforeprint", () => show(data.chosen));
  document.getElementById("move").hidden = false;
  show(data.chosen);
})();
