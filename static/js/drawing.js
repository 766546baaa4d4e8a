// Drawing on a page: strokes are kept as points, so that each can be undone; what is sent is the picture they make.
(() => {
  "use strict";
  const find = (selector) => document.querySelector(selector);
  const board = find("[data-board]");
  const canvas = board?.querySelector("canvas");
  const input = document.getElementById("file");
  const paint = canvas?.getContext("2d");
  if (!paint || !window.DataTransfer || !window.PointerEvent) return;
  const COLOURS = {
    ink: "#1d2140", grey: "#8a8fa3", red: "#d63a32", orange: "#f08a24", yellow: "#f7cf3d", green: "#3f9d54",
    blue: "#2f74c0", purple: "#7a4fb5", pink: "#e86fa8", brown: "#7b4a2b", rubber: "#ffffff",
  };
  const STEP = 24;
  find("[data-without]").hidden = true;
  input.required = false;
  board.hidden = false;

  let strokes = [];
  let undone = [];
  let stroke = null;
  const chosen = (name) => find(`[name="${name}"]:checked`).value;
  const begin = (point) => {
    stroke = { colour: COLOURS[chosen("colour")], width: Number(chosen("size")), points: [point] };
    strokes.push(stroke);
    undone = [];
    find("[data-problem]").hidden = true;
  };
  const draw = ({ colour, width, points }) => {
    paint.strokeStyle = paint.fillStyle = colour;
    paint.lineWidth = width;
    paint.lineCap = paint.lineJoin = "round";
    paint.beginPath();
    if (points.length === 1) {
      paint.arc(points[0].x, points[0].y, width / 2, 0, 2 * Math.PI);
      paint.fill();
      return;
    }
    points.forEach(({ x, y }, index) => (index ? paint.lineTo(x, y) : paint.moveTo(x, y)));
    paint.stroke();
  };
  const drawAll = () => {
    paint.fillStyle = "#ffffff";
    paint.fillRect(0, 0, canvas.width, canvas.height);
    strokes.forEach(draw);
    if (pen.shown) mark();
  };
  const where = (event) => {
    const box = canvas.getBoundingClientRect();
    const share = canvas.width / box.width;
    return { x: (event.clientX - box.left) * share, y: (event.clientY - box.top) * share };
  };
  canvas.addEventListener("pointerdown", (event) => {
    if (event.button || stroke) return;
    pen.shown = pen.down = false;
    canvas.setPointerCapture(event.pointerId);
    begin(where(event));
    drawAll();
  });
  canvas.addEventListener("pointermove", (event) => {
    if (!stroke || !canvas.hasPointerCapture(event.pointerId)) return;
    const seen = event.getCoalescedEvents?.() ?? [];
    stroke.points.push(...(seen.length ? seen : [event]).map(where));
    draw(stroke);
  });
  ["pointerup", "pointercancel"].forEach((name) => canvas.addEventListener(name, () => { stroke = null; }));

  // With keys: the pen is a ring that the arrows move; the space bar puts it down and up.
  const pen = { x: canvas.width / 2, y: canvas.height / 2, shown: false, down: false };
  const mark = () => {
    paint.strokeStyle = "#1f5f7a";
    paint.lineWidth = 4;
    paint.beginPath();
    paint.arc(pen.x, pen.y, 18, 0, 2 * Math.PI);
    paint.stroke();
  };
  const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
  canvas.addEventListener("keydown", (event) => {
    const way = ARROWS[event.key];
    if (!way && event.key !== " ") return;
    event.preventDefault();
    pen.shown = true;
    if (way) {
      pen.x = Math.min(canvas.width, Math.max(0, pen.x + way[0] * STEP));
      pen.y = Math.min(canvas.height, Math.max(0, pen.y + way[1] * STEP));
      if (pen.down) stroke.points.push({ x: pen.x, y: pen.y });
    } else {
      pen.down = !pen.down;
      if (pen.down) begin({ x: pen.x, y: pen.y });
      else stroke = null;
      say(pen.down ? "penDown" : "penUp");
    }
    drawAll();
  });
  canvas.addEventListener("blur", () => {
    if (pen.down) stroke = null;
    pen.shown = pen.down = false;
    drawAll();
  });
  const say = (name) => { const box = find("[data-said]"); box.textContent = box.dataset[name]; };
  const press = (selector, work) => find(selector).addEventListener("click", () => { stroke = null; work(); drawAll(); });
  press("[data-undo]", () => { if (strokes.length) undone.push(strokes.pop()); say("undone"); });
  press("[data-again]", () => { if (undone.length) strokes.push(undone.pop()); say("doneAgain"); });
  press("[data-clear]", () => { undone = [...strokes].reverse(); strokes = []; say("empty"); });
  drawAll();

  document.addEventListener("htmx:confirm", async (event) => {
    if (!event.target.contains(input)) return;
    event.preventDefault();
    if (!strokes.length) {
      find("[data-problem]").hidden = false;
      canvas.focus();
      return;
    }
    pen.shown = false;
    drawAll();
    const blob = await new Promise((done) => { canvas.toBlob(done, "image/png"); });
    const carrier = new DataTransfer();
    carrier.items.add(new File([blob], "drawing.png", { type: "image/png" }));
    input.files = carrier.files;
    event.detail.issueRequest(true);
  });
})();
