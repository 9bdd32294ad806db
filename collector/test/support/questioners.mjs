// A worker thread that keeps asking: apart from the test, which times something else meanwhile.
import { Agent, get } from 'node:http';
import { parentPort, workerData } from 'node:worker_threads';

const DAY_MS = 86_400_000;
const { url, questioners, token } = workerData;
const headers = { authorization: `Bearer ${token}` };
const statuses = new Map();
let isOver = false;

const ask = (address, agent) =>
  new Promise((resolve, reject) => {
    get(address, { agent, headers }, (response) => {
      response.resume();
      response.on('end', () => resolve(response.statusCode));
      response.on('error', reject);
    }).on('error', reject);
  });

async function keepAsking(questioner) {
  const agent = new Agent({ keepAlive: true });
  for (let n = 1; !isOver; n += 1) {
    // Another question each time, so that no answer is known.
    const day = new Date(Date.now() - ((questioner * 7 + n) % 300) * DAY_MS);
    const window = `${1 + ((questioner + n) % 31)}d`;
    const query = `limit=50&window=${window}&from=${day.toISOString().slice(0, 10)}`;
    const status = await ask(`${url}/v1/stats/adoption?${query}`, agent);
    statuses.set(status, (statuses.get(status) ?? 0) + 1);
  }
  agent.destroy();
}

const all = Array.from({ length: questioners }, (_, at) => keepAsking(at));
parentPort.once('message', async () => {
  isOver = true;
  await Promise.all(all);
  parentPort.postMessage(statuses);
});
