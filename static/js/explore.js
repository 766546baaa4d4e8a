// Draws the figure of Explore with plotly: the numbers come from the page, the colours from its stylesheet.
(() => {
  "use strict";
  const place = document.getElementById("plot");
  const source = document.getElementById("figure");
  if (!place || !source || !window.Plotly) return;
  const COLOUR_OF = { better: "tide", worse: "warm", unsure: "soft", naive: "soft" };

  const colour = (name) =>
    window.getComputedStyle(document.querySelector(`#plot-colours .${name}`)).color;

  const coloured = (trace) => {
    const own = colour(COLOUR_OF[trace.meta]);
    trace.marker.color = own;
    trace.marker.line.color = own;
    for (const error of [trace.error_x, trace.error_y]) if (error) error.color = own;
    return trace;
  };

  // Names stand above their lines, so that a phone loses no width to them.
  const nameAbove = (name) => ({
    text: name.replaceAll("&", "&amp;").replaceAll("<", "&lt;"),
    xref: "paper", x: 0, xanchor: "left", yref: "y", y: name, yanchor: "bottom", yshift: 9, showarrow: false, align: "left", bgcolor: colour("card-colour"), borderpad: 1,
  });

  const shared = (figure) => {
    const ink = colour("ink");
    return {
      ...figure.layout,
      paper_bgcolor: "rgba(0,0,0,0)",
      plot_bgcolor: "rgba(0,0,0,0)",
      font: { family: "system-ui, sans-serif", size: 13, color: ink },
      hoverlabel: { bgcolor: colour("card-colour"), bordercolor: colour("line"), font: { color: ink, size: 13 }, align: "left" },
    };
  };

  // Spans of weeks stand side by side; their names turn where a phone has no room.
  const columnsOf = (figure) => ({
    ...shared(figure),
    height: 380,
    margin: { l: 46, r: 8, t: 8, b: 8 },
    xaxis: { ...figure.layout.xaxis, gridcolor: colour("line"), fixedrange: true, automargin: true },
    yaxis: { ...figure.layout.yaxis, gridcolor: colour("line"), zeroline: true, zerolinecolor: colour("soft"), zerolinewidth: 1.5, fixedrange: true, automargin: true, tickformat: "+.1f" },
  });

  const layoutOf = (figure) => {
    if (!figure.layout.meta.rows) return columnsOf(figure);
    const rows = figure.layout.meta.rows;
    const ink = colour("ink");
    const line = colour("line");
    return {
      ...shared(figure),
      height: 80 + 58 * Math.max(rows.length, 2),
      margin: { l: 8, r: 8, t: 8, b: 56 },
      annotations: rows.map(nameAbove),
      xaxis: { ...figure.layout.xaxis, gridcolor: line, zeroline: true, zerolinecolor: colour("soft"), zerolinewidth: 1.5, fixedrange: true, title: { ...figure.layout.xaxis.title, standoff: 8, font: { size: 13, color: ink } } },
      yaxis: { ...figure.layout.yaxis, type: "category", range: [-0.6, rows.length - 0.25], gridcolor: line, showgrid: false, fixedrange: true },
    };
  };

  const draw = () => {
    const figure = JSON.parse(source.textContent);
    if (!figure.data.length) {
      place.removeAttribute("role");
      place.removeAttribute("aria-label");
      place.textContent = "No group is large enough yet for a figure to draw.";
      return;
    }
    const config = { displayModeBar: false, displaylogo: false, responsive: true, scrollZoom: false };
    window.Plotly.react(place, figure.data.map(coloured), layoutOf(figure), config).then(() => {
      place.dataset.drawn = "yes";
    });
  };

  place.replaceChildren();
  place.setAttribute("role", "img");
  place.setAttribute("aria-label", "Interval plot of the figures in the table on this page");
  draw();
  window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);
})();
