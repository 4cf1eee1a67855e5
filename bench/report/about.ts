/** What was done, part by part: beside each table of the report. */
import { aboutBulk } from '../bulk/table.ts'
import { count } from './numbers.ts'
import type { Part, Results } from './results.ts'

const fanout = `All readers have a socket of their own and follow the same stream; somebody sends an event, and it counts as delivered once its
last byte is read at a reader. The message is the same for all, byte for byte up to the order of its keys (a WebSocket text
of 152 bytes with a value of 64). *One at a time*: the next event is sent when all readers have the one before. *Eight in
flight*: eight are sent at once, and as many again as have arrived everywhere. *Unhurried*: four a second, whatever becomes of
them (forty for 1 and 100 readers). Percentiles are over all deliveries of a round, so p99 is what the last readers of the slowest
events waited; of the rounds the median is shown. Whoever sleeps until the next event comes has to be woken for it, readers and server
alike, so that unhurried a delivery costs everybody more; what stores an event before it sends it sleeps a little at each. Before the first figure everybody handles some thousands of events for a few
readers, and some more when new readers have come: what is measured is compiled.

CPU is that of the server’s process, taking the event in included: for Tidemark a \`pushDelta\` that is signed in,
checked, limited, merged and **durably stored** before it is sent (embedded: not waiting for the disk), and a stream in which nothing
is lost on the way; for yoga, Apollo and mercurius a mutation that does nothing but publish (Apollo through Redis), and for raw \`ws\`
a message that is sent on to all, and both forget who is not there. Nobody else signs anybody in or limits anything. Databases and
Redis are processes of their own, the embedded one too: what they use is not in it. Mercurius runs without its JIT, which it leaves off.
\`ws, send\` is what everybody writes; \`prebuilt\` makes the frame once and writes it to each socket past \`ws\`; \`joined\` also joins the
events of one turn of the event loop into one write, which is what Tidemark does. Groups: readers with the same operation share one
execution; with as many groups as readers, nobody shares anything. Each reader counts what it gets, and all must have got the same in
the same order.`

const memory = `Resident memory of the server’s process for so many connections, less that with the first 500, garbage collected each time: when all are
subscribed, have had one event and are idle; as it is when five more events were sent to all; and once more after collecting
garbage. Collecting is V8’s last resort, for everybody: what it keeps pooled for a while is given back first. Buffers in the kernel are
not in it, for nobody, and neither is the process of the embedded database. With fewer connections, and without a first 500, figures
are larger for everybody: what a process takes once, for code and for room to allocate in, is shared by fewer.`

const slow = `Of 1,000 readers of one stream, with events of 16 KiB, 100 stop reading. Events are sent until no more waits in the server: what the
system holds between two sockets, some megabytes, is full then. Ten events a second go to all before that and after it, and p99 from
send to arrival is that of the 900 who read on. *Waiting* is what the server says it holds for slow readers, *grown* what its process
has grown by, after collecting garbage. Then the 100 read on, and must get all they missed, once and in order.`

const storm = `All sockets are cut off at once, each of 20 documents changes three times, and all sockets come back in the same moment, each from its
last cursor: the time runs from the first connection until everybody has all that was missed. On PostgreSQL + Redis each socket is
another user’s, with a session that has to be read and an access that has to be checked.`

const start = `From \`npm start\` to the first answer over HTTP, npm itself and its checks included. *Embedded*: into an empty folder, so the database is
made as well. *PostgreSQL*: another process, in which the tables are there.`

const writes = ({
  writes,
}: Results) => `Each writer pushes one field of 64 characters with \`pushDelta\`, and pushes again once it is answered. Beside it, pgbench and this
project’s driver (\`pg\`, from Node.js) put the same rows into copies of the same tables in one prepared statement
(\`bench/writes/push.sql\`: upsert, head, change), with a connection for each writer; Tidemark has 20. Everything is durable
(fsync, on a disk) but the embedded database. *One document* is another one for each number of writers, to which they push in all rounds. Here all processes share all cores, as pgbench does with its database. Tidemark also
checks the token, the access, the limits and the input, and publishes; pgbench does none of that.

Replies that come together make writers push together, which flatters whoever writes in groups. *Deferred* is the control: twice
as many writers, each of which rests after its answer for a time chosen anew, on average as long as an answer takes. As many
pushes are on their way, and nothing bunches them. p50 and p99 are from send to answer, in ms (of pgbench: the mean).

Acknowledged on PostgreSQL: ${count(writes?.measured.acknowledged ?? 0)}; changes in the log afterwards: ${count(writes?.measured.stored ?? 0)}.`

const queries = `Over HTTP connections that stay open, 32 at once, each of which asks again once it is answered. *viewer* is \`{ viewer { id
displayName role } }\`: Tidemark checks the token and its session, and counts every limit (on PostgreSQL + Redis: in Redis);
yoga, Apollo and mercurius answer it out of memory and ask nobody who they are. *50 notes* is a page of 120 notes with their
folders, out of PostgreSQL for everybody: copies of the same rows with the same index for the others, with one query for the
notes and one for the folders (DataLoader; mercurius by its own loaders), PostGraphile as it plans it.`

export const about = (results: Results): Readonly<Record<Part, string>> => ({
  fanout,
  memory,
  slow,
  storm,
  start,
  writes: writes(results),
  bulk: aboutBulk,
  queries,
})
