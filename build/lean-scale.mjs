/**
 * Leaves out of d3-scale what the dashboard's charts never use. They scale numbers alone, and write
 * them by Intl; a linear scale brings colours, dates, objects and a format along, 9 kB of the 60 that
 * a page may load. Without this plugin all works the same, and the script is larger.
 */
export const leanScale = {
  name: 'lean scale',
  setup: ({ onResolve, onLoad }) => {
    onResolve({ filter: /^d3-(interpolate|format)$/ }, ({ path }) => ({ path, namespace: 'lean' }));
    onLoad({ filter: /.*/, namespace: 'lean' }, ({ path }) => ({ contents: CONTENTS[path] }));
  },
};

const CONTENTS = {
  'd3-interpolate': `
    export const interpolateNumber = (a, b) => (a = +a, b = +b, (t) => a * (1 - t) + b * t);
    export const interpolate = interpolateNumber;
    export const interpolateRound = (a, b) => (t) => Math.round(interpolateNumber(a, b)(t));
    export const piecewise = undefined;`,
  'd3-format': `
    export const format = undefined;
    export const formatPrefix = undefined;
    export const formatSpecifier = undefined;
    export const precisionFixed = undefined;
    export const precisionPrefix = undefined;
    export const precisionRound = undefined;`,
};
