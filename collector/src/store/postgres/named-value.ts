/** A value of a dimension of a project. */
export interface NamedValue {
  readonly projectId: number;
  readonly dimension: string;
  readonly value: string;
}

/** The key of a value within its project. */
export const keyOfValue = ({ dimension, value }: Pick<NamedValue, 'dimension' | 'value'>): string =>
  `${dimension}\0${value}`;

/** Whether any of some keys is of a dimension. */
export const hasDimension = (keys: Iterable<string>, dimension: string): boolean =>
  [...keys].some((key) => key.startsWith(`${dimension}\0`));

/** Each value once. */
export const uniqueValues = (values: readonly NamedValue[]): NamedValue[] => [
  ...new Map(values.map((one) => [`${one.projectId}\0${keyOfValue(one)}`, one])).values(),
];
