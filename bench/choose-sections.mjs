// @ts-check

/**
 * The sections that an option names, in the order of the tables.
 *
 * @param {string} only names with commas between
 * @param {readonly string[]} all
 */
export function chooseSections(only, all) {
  const chosen = only.split(',');
  const unknown = chosen.find((name) => !all.includes(name));
  if (unknown !== undefined) throw new Error(`no section "${unknown}": ${all.join(', ')}`);
  return all.filter((name) => chosen.includes(name));
}
