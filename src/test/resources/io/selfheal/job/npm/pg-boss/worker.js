// node worker.js LIBRARY URL call CALLS | supervise QUEUE | hang QUEUE | work QUEUE. A worker writes down each task that begins or ends.
const [library, connectionString, mode, subject] = process.argv.slice(2);
const exported = await import(library);
const PgBoss = exported.PgBoss ?? exported.default;
const supervise = mode === "supervise";
const often = { superviseIntervalSeconds: 1, monitorIntervalSeconds: 1 };
const boss = new PgBoss({ connectionString, schedule: false, supervise, ...often });
boss.on("error", console.error);

// CALLS: [[METHOD, ARGUMENT…]]
async function call(calls) {
  for (const [method, ...of] of calls) await boss[method](...of);
  await boss.stop();
}

async function task(jobs) {
  const note = async (table) => {
    for (const job of jobs)
      await boss.getDb().executeSql(`INSERT INTO ${table} VALUES ($1, $2)`, [job.data.name, job.retryCount]);
  };
  await note("begun");
  // A handler that computes for ever: not even the library's own time limit gets its turn.
  if (mode === "hang") Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
  await note("ended");
}

await boss.start();
if (mode === "call") await call(JSON.parse(subject));
if (mode === "hang" || mode === "work")
  await boss.work(subject, { batchSize: 10, pollingIntervalSeconds: 0.5, includeMetadata: true }, task);
