export function startChartCursor(): void {}
