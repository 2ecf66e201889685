// One story of the official Node SDK: `node drive.mjs SDK STORY`, arguments as JSON on stdin, the outcome as JSON on
// stdout. The stories and their arguments are those of drive.py.

import { createHash } from "node:crypto";
import { createReadStream, createWriteStream, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { pathToFileURL } from "node:url";

const [sdk, story] = process.argv.slice(2);
const { default: OpenAI, toFile } = await import(pathToFileURL(join(sdk, "index.mjs")).href);
const version = JSON.parse(readFileSync(join(sdk, "package.json"))).version;
const wire = [];

async function noted(url, init = {}) {
  const headers = new Headers(init.headers);
  const form = init.body instanceof FormData ? "multipart/form-data" : "";
  const response = await fetch(url, init);
  // The newer release asks a data: URL what its fetch can do.
  if (!String(url).startsWith("http")) return response;
  wire.push({
    method: init.method?.toUpperCase() ?? "GET",
    path: new URL(url).pathname,
    type: (headers.get("content-type") ?? form).split(";")[0],
    // Only a body of known length is sent with one.
    chunked: init.body instanceof ReadableStream || typeof init.body?.[Symbol.asyncIterator] === "function",
    retry: Number(headers.get("x-stainless-retry-count") ?? 0),
    status: response.status,
    request_id: response.headers.get("x-request-id"),
  });
  return response;
}

function connect(options = {}) {
  const where = { baseURL: process.env.BASE_URL, apiKey: process.env.API_KEY };
  return new OpenAI({ maxRetries: 0, timeout: 120_000, fetch: noted, ...where, ...options });
}

async function asFile(path, how) {
  return how === "stream" ? createReadStream(path) : await toFile(readFileSync(path), basename(path));
}

async function withFile(fields, field, file, how) {
  return file === undefined ? fields : { ...fields, [field]: await asFile(file, how) };
}

const sha256 = (data) => createHash("sha256").update(data).digest("hex");
// The SDK hides the id of the request from Object.keys.
const seen = (thing) => ({ ...thing, _request_id: thing._request_id });

async function all(pages, value = (item) => item.id) {
  const found = [];
  for await (const item of pages) found.push(value(item));
  return found;
}

const stories = {
  async create(client, { file, how = "stream", reference, ...fields }) {
    const given = reference ? { ...fields, input_reference: reference } : fields;
    return seen(await client.videos.create(await withFile(given, "input_reference", file, how)));
  },
  retrieve: async (client, { id }) => seen(await client.videos.retrieve(id)),
  every: async (client, query) => await all(client.videos.list(query)),
  delete: async (client, { id }) => seen(await client.videos.delete(id)),
  async delete_while_iterating(client, { prompt, limit }) {
    const found = [];
    for await (const video of client.videos.list({ limit })) {
      if (!video.prompt?.startsWith(prompt)) continue;
      found.push(video.id);
      await client.videos.delete(video.id);
    }
    return found;
  },
  remix: async (client, { id, prompt }) => seen(await client.videos.remix(id, { prompt })),
  async edit(client, { file, how = "stream", ...fields }) {
    return seen(await client.videos.edit(await withFile(fields, "video", file, how)));
  },
  async extend(client, { file, how = "stream", ...fields }) {
    return seen(await client.videos.extend(await withFile(fields, "video", file, how)));
  },
  async create_character(client, { name, file, how = "stream" }) {
    return seen(await client.videos.createCharacter({ name, video: await asFile(file, how) }));
  },
  get_character: async (client, { id }) => seen(await client.videos.getCharacter(id)),
  async download(client, { id, to, how, ...query }) {
    const response = await client.videos.downloadContent(id, query);
    if (how === "disk") {
      await pipeline(Readable.fromWeb(response.body), createWriteStream(to));
      const data = readFileSync(to);
      return { bytes: data.length, sha256: sha256(data) };
    }
    const data = Buffer.from(how === "blob" ? await (await response.blob()).arrayBuffer() : await response.arrayBuffer());
    return { bytes: data.length, sha256: sha256(data) };
  },
  async patient(_, { times, max_retries }) {
    const client = connect({ maxRetries: max_retries });
    const ids = [];
    while (ids.length < times && !wire.some((it) => it.status === 429)) {
      ids.push((await client.videos.create({ prompt: `A patient lamp ${ids.length}` })).id);
    }
    for (const id of ids) await client.videos.delete(id);
    return ids;
  },
  with_retries: async (_, { story: other, ...rest }) => await stories[other](connect({ maxRetries: 2 }), rest),
  async unwrap(client, { body, headers, secret }) {
    const { id, type, data } = await client.webhooks.unwrap(Buffer.from(body, "base64").toString(), headers, secret);
    return { id, type, data: { id: data.id } };
  },
  async files(client, { file, purpose, how = "stream" }) {
    const created = await client.files.create({ file: await asFile(file, how), purpose });
    const waited = await client.files.waitForProcessing(created.id);
    const listed = await all(client.files.list({ purpose, limit: 1 }));
    const content = Buffer.from(await (await client.files.content(created.id)).arrayBuffer());
    const retrieved = await client.files.retrieve(created.id);
    const deleted = await client.files.delete(created.id);
    return {
      created: seen(created),
      retrieved: seen(retrieved),
      waited: seen(waited),
      listed,
      sha256: sha256(content),
      deleted: seen(deleted),
    };
  },
  async upload(client, { file, purpose, how = "stream" }) {
    return seen(await client.files.create({ file: await asFile(file, how), purpose }));
  },
  file_content: async (client, { id }) => await (await client.files.content(id)).text(),
  async create_batch(client, { input_file_id }) {
    const order = { endpoint: "/v1/videos", completion_window: "24h", metadata: { of: "a test" } };
    return seen(await client.batches.create({ input_file_id, ...order }));
  },
  async batch(client, { id }) {
    return { one: seen(await client.batches.retrieve(id)), listed: await all(client.batches.list({ limit: 2 })) };
  },
  cancel_batch: async (client, { id }) => seen(await client.batches.cancel(id)),
  async models(client) {
    const listed = await all(client.models.list(), (model) => model);
    return { listed, one: seen(await client.models.retrieve(listed[0].id)) };
  },
  unknown_model: async (client) => seen(await client.models.retrieve("no/such model")),
  async webhook_endpoints(client, { url }) {
    const order = { name: "Made by the SDK", url, event_types: ["video.completed"] };
    const created = await client.webhooks.create(order);
    const { id } = created;
    const items = await all(client.webhooks.list({ limit: 1 }), (item) => [item.id, seen(item)]);
    const retrieved = await client.webhooks.retrieve(id);
    const updated = await client.webhooks.update(id, { name: "Renamed", event_types: ["video.failed"] });
    const tested = await client.webhooks.test(id, { event_type: "video.failed" });
    const rotated = await client.webhooks.rotateSecret(id, { keep_old_secret_active_for_24_hours: true });
    const types = await client.webhooks.eventTypes.list();
    const deleted = await client.webhooks.delete(id);
    return {
      created: seen(created),
      retrieved: seen(retrieved),
      updated: seen(updated),
      listed: Object.fromEntries(items),
      tested: seen(tested),
      rotated: seen(rotated),
      event_types: types.data,
      deleted: seen(deleted),
    };
  },
  async features(client) {
    const has = (thing, name) => typeof thing[name] === "function";
    return {
      edit: has(client.videos, "edit"),
      extend: has(client.videos, "extend"),
      characters: has(client.videos, "createCharacter"),
      create_and_poll: has(client.videos, "createAndPoll"),
      webhook_endpoints: has(client.webhooks, "rotateSecret"),
      version,
    };
  },
};

function told(error) {
  const families = [];
  for (let it = error.constructor; it?.name; it = Object.getPrototypeOf(it)) families.push(it.name);
  const { status: status_code = null, param = null, code = null, type = null, requestID: request_id = null } = error;
  return { status_code, param, code, type, request_id, class: families[0], families, message: error.message };
}

const chunks = [];
for await (const chunk of process.stdin) chunks.push(chunk);
const outcome = { answer: null, raised: null, wire };
try {
  outcome.answer = await stories[story](connect(), JSON.parse(Buffer.concat(chunks).toString()));
} catch (error) {
  // A mistake of this file is no refusal of the server's.
  const refusals = [OpenAI.OpenAIError, OpenAI.InvalidWebhookSignatureError];
  if (!refusals.some((kind) => error instanceof kind)) throw error;
  outcome.raised = told(error);
}
process.stdout.write(JSON.stringify(outcome));
