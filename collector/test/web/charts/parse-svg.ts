/** An element as rendered: its name and attributes. */
export interface Element {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
}

/** The elements of some rendered markup, in order, without their texts. */
export function elementsOf(html: string): readonly Element[] {
  return [...html.matchAll(/<([a-z]+)((?:\s[^<>]*?)?)\/?>/g)].map(([, name = '', text = '']) => ({
    name,
    attributes: Object.fromEntries(
      [...text.matchAll(/([\w-]+)(?:="([^"]*)")?/g)].map(([, key = '', value = '']) => [
        key,
        value,
      ]),
    ),
  }));
}

/** The elements with a class. */
export const withClass = (html: string, name: string): readonly Element[] =>
  elementsOf(html).filter(({ attributes }) => attributes['class']?.split(' ').includes(name));

/** A number out of an attribute such as `12.5%` or `120`. */
export const numberOf = (element: Element | undefined, attribute: string): number => {
  const value = Number.parseFloat(element?.attributes[attribute] ?? '');
  if (Number.isNaN(value)) throw new Error(`<${element?.name}> has no number in ${attribute}`);
  return value;
};

/** The texts of the elements of a name, without markup. */
export const textsOf = (html: string, name: string): readonly string[] =>
  [...html.matchAll(new RegExp(`<${name}(?:\\s[^>]*)?>(.*?)</${name}>`, 'gs'))].map(([, inner]) =>
    (inner ?? '').replaceAll(/<[^>]*>/g, ''),
  );

/** The points of a path, subpath by subpath. */
export const pointsOf = (path: string): readonly (readonly [number, number])[][] =>
  path
    .split('M')
    .slice(1)
    .map((part) =>
      [...part.matchAll(/(-?[\d.]+)[ ,](-?[\d.]+)/g)].map(
        ([, x, y]) => [Number(x), Number(y)] as const,
      ),
    );
