// @ts-check

/**
 * @typedef {object} Connected
 * @property {<Row>(sql: string) => Promise<Row[]>} all
 * @property {(sql: string) => Promise<number>} number the first column of the first row
 * @property {() => Promise<void>} end
 */

/**
 * @param {import('./load-parts.mjs').Parts} parts
 * @param {string} url
 * @returns {Promise<Connected>}
 */
export async function connect({ Client }, url) {
  const client = new Client(url);
  // Servers are killed under it.
  client.on('error', () => undefined);
  await client.connect();
  /** @type {Connected['all']} */
  const all = async (sql) => (await client.query(sql)).rows;
  return {
    all,
    number: async (sql) => {
      const [row] = await all(sql);
      return Number(Object.values(row ?? {})[0] ?? NaN);
    },
    end: () => client.end(),
  };
}
