/** Whether a click asks for the link here, not in another tab. */
export const isPlainClick = (event: MouseEvent): boolean =>
  event.button === 0 &&
  !event.defaultPrevented &&
  !event.ctrlKey &&
  !event.metaKey &&
  !event.shiftKey &&
  !event.altKey;

/** The URL of the clicked link, if it leads to a page of the dashboard. */
export function linkOf(event: MouseEvent): string | undefined {
  const { target } = event;
  // A link of SVG has another type, and its `href` is no text.
  const link = target instanceof Element ? target.closest('a[href]') : null;
  const href = link?.getAttribute('href');
  if (link === null || href === null || href === undefined) return undefined;
  if (link.hasAttribute('download') || link.hasAttribute('target')) return undefined;
  const url = new URL(href, location.href);
  if (url.origin !== location.origin) return undefined;
  const isHere = url.pathname === location.pathname && url.search === location.search;
  if (isHere && url.hash !== '') return undefined;
  return url.href;
}
