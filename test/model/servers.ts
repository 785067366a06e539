// Strict local servers of the four protocols: a request that is not as the protocol says is refused with 418 and remembered.
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface Asked {
  readonly system: string
  readonly user: string
  /** A form was asked for the reply. */
  readonly json: boolean
  readonly stream: boolean
  readonly maxTokens: number | undefined
}
export type Said =
  | { readonly text: string; readonly reasoning?: number; readonly finish?: 'stop' | 'length' }
  | {
      readonly status: number
      readonly message: string
      readonly code?: string
      readonly headers?: Record<string, string>
    }
export type Script = (asked: Asked, index: number) => Said | Promise<Said>

type Body = Record<string, unknown>
interface Protocol {
  readonly model: string
  readonly path: RegExp
  environment(address: string): Record<string, string>
  check(body: Body, headers: IncomingMessage['headers'], path: string): string | undefined
  asked(body: Body, path: string): Asked
  reply(text: string, counts: Counts, finish: string): unknown
  events(
    pieces: readonly string[],
    counts: Counts,
    finish: string,
  ): readonly [event: string | undefined, data: unknown][]
  /** The provider's own shape of an error. */
  error(status: number, message: string, code: string): unknown
  readonly overflow: { readonly status: number; readonly message: string; readonly code: string }
}
interface Counts {
  readonly input: number
  readonly output: number
  readonly reasoning: number
}

const only = (body: Body, ...keys: string[]): string | undefined => {
  const strange = Object.keys(body).filter((key) => !keys.includes(key))
  return strange.length > 0 ? `unknown parameters: ${strange.join(', ')}` : undefined
}
const isText = (value: unknown): value is string => typeof value === 'string' && value !== ''
const textOf = (content: unknown): string =>
  typeof content === 'string' ? content : (content as { text: string }[]).map(({ text }) => text).join('')

/** The chat protocol of OpenAI, as compatible servers and Ollama speak it. */
const chat = (model: string, key: boolean): Omit<Protocol, 'environment' | 'overflow'> => ({
  model,
  path: /^\/v1\/chat\/completions$/,
  check(body, headers) {
    const messages = body.messages as { role: string; content: unknown }[]
    if (key && headers.authorization !== 'Bearer secret') return 'no key'
    if (!Array.isArray(messages) || messages.at(-1)?.role !== 'user') return 'messages must end with the user'
    if (!messages.every(({ role, content }) => ['system', 'user'].includes(role) && isText(textOf(content))))
      return 'a message is empty'
    if (body.stream && !(body.stream_options as Body)?.include_usage) return 'usage is not asked for'
    return only(body, 'model', 'messages', 'max_tokens', 'temperature', 'stream', 'stream_options', 'response_format')
  },
  asked({ messages, response_format, stream, max_tokens }) {
    const of = (role: string) =>
      (messages as { role: string; content: unknown }[])
        .filter((message) => message.role === role)
        .map(({ content }) => textOf(content))
        .join('\n')
    return {
      system: of('system'),
      user: of('user'),
      json: response_format !== undefined,
      stream: stream === true,
      maxTokens: max_tokens as number | undefined,
    }
  },
  reply: (content, counts, finish_reason) => ({
    id: '1',
    created: 1,
    model,
    choices: [{ index: 0, message: { role: 'assistant', content }, finish_reason }],
    usage: chatUsage(counts),
  }),
  events: (pieces, counts, finish_reason) => [
    ...pieces.map((content): [undefined, unknown] => [
      undefined,
      { id: '1', created: 1, model, choices: [{ index: 0, delta: { content } }] },
    ]),
    [
      undefined,
      { id: '1', created: 1, model, choices: [{ index: 0, delta: {}, finish_reason }], usage: chatUsage(counts) },
    ],
  ],
  error: (_status, message, code) => ({ error: { message, type: 'invalid_request_error', param: null, code } }),
})
const chatUsage = ({ input, output, reasoning }: Counts) => ({
  prompt_tokens: input,
  completion_tokens: output + reasoning,
  total_tokens: input + output + reasoning,
  completion_tokens_details: { reasoning_tokens: reasoning },
})

const responseUsage = ({ input, output, reasoning }: Counts) => ({
  input_tokens: input,
  input_tokens_details: { cached_tokens: 0 },
  output_tokens: output + reasoning,
  output_tokens_details: { reasoning_tokens: reasoning },
})

export const protocols: Readonly<Record<'openai' | 'anthropic' | 'google' | 'ollama' | 'compatible', Protocol>> = {
  compatible: {
    ...chat('m', true),
    environment: (address) => ({ FOVEA_BASE_URL: `${address}/v1`, FOVEA_API_KEY: 'secret' }),
    // As vLLM says it.
    overflow: {
      status: 400,
      message: "This model's maximum context length is 4096 tokens. However, you requested 9000 tokens",
      code: 'BadRequestError',
    },
  },
  ollama: {
    ...chat('llama3.2', false),
    environment: (address) => ({ OLLAMA_HOST: address }),
    overflow: { status: 400, message: 'the input length exceeds the context length', code: 'api_error' },
  },
  openai: {
    model: 'gpt-5-mini',
    path: /^\/v1\/responses$/,
    environment: (address) => ({ OPENAI_BASE_URL: `${address}/v1`, OPENAI_API_KEY: 'secret' }),
    check(body, { authorization }) {
      if (authorization !== 'Bearer secret') return 'no key'
      const input = body.input as { role: string; content: unknown }[]
      if (!Array.isArray(input) || input.at(-1)?.role !== 'user') return 'input must end with the user'
      if (!input.every(({ role }) => ['system', 'developer', 'user'].includes(role))) return 'a strange role'
      if ('temperature' in body) return 'this model takes no temperature'
      return only(body, 'model', 'input', 'max_output_tokens', 'stream', 'text', 'include', 'store')
    },
    asked({ input, text, stream, max_output_tokens }) {
      const messages = input as { role: string; content: unknown }[]
      const of = (user: boolean) =>
        messages
          .filter(({ role }) => (role === 'user') === user)
          .map(({ content }) => textOf(content))
          .join('\n')
      return {
        system: of(false),
        user: of(true),
        json: (text as Body | undefined)?.format !== undefined,
        stream: stream === true,
        maxTokens: max_output_tokens as number | undefined,
      }
    },
    reply: (text, counts, finish) => ({
      id: 'resp_1',
      object: 'response',
      created_at: 1,
      model: 'gpt-5-mini',
      status: finish === 'stop' ? 'completed' : 'incomplete',
      incomplete_details: finish === 'stop' ? null : { reason: 'max_output_tokens' },
      output: [
        {
          type: 'message',
          id: 'msg_1',
          role: 'assistant',
          status: 'completed',
          content: [{ type: 'output_text', text, annotations: [] }],
        },
      ],
      usage: responseUsage(counts),
    }),
    events: (pieces, counts) => {
      const data: [type: string, data: Body][] = [
        ['response.created', { response: { id: 'resp_1', created_at: 1, model: 'gpt-5-mini' } }],
        [
          'response.output_item.added',
          {
            output_index: 0,
            item: { type: 'message', id: 'msg_1', role: 'assistant', status: 'in_progress', content: [] },
          },
        ],
        ...pieces.map((delta): [string, Body] => [
          'response.output_text.delta',
          { item_id: 'msg_1', output_index: 0, content_index: 0, delta },
        ]),
        [
          'response.output_item.done',
          {
            output_index: 0,
            item: { type: 'message', id: 'msg_1', role: 'assistant', status: 'completed', content: [] },
          },
        ],
        [
          'response.completed',
          {
            response: {
              id: 'resp_1',
              created_at: 1,
              model: 'gpt-5-mini',
              status: 'completed',
              usage: responseUsage(counts),
            },
          },
        ],
      ]
      return data.map(([type, rest], sequence_number) => [type, { type, sequence_number, ...rest }])
    },
    error: (_status, message, code) => ({ error: { message, type: 'invalid_request_error', param: 'input', code } }),
    overflow: {
      status: 400,
      message: 'Your input exceeds the context window of this model. Please adjust your input and try again.',
      code: 'context_length_exceeded',
    },
  },
  anthropic: {
    model: 'claude-haiku-4-5',
    path: /^\/v1\/messages$/,
    environment: (address) => ({ ANTHROPIC_BASE_URL: `${address}/v1`, ANTHROPIC_API_KEY: 'secret' }),
    check(body, headers) {
      if (headers['x-api-key'] !== 'secret' || headers['anthropic-version'] !== '2023-06-01') return 'no key or version'
      if (!(Number(body.max_tokens) >= 1)) return 'max_tokens: Field required'
      const messages = body.messages as { role: string; content: { type: string; text: string }[] }[]
      if (messages.length !== 1 || messages[0]!.role !== 'user') return 'messages must be one of the user'
      if (!messages[0]!.content.every(({ type, text }) => type === 'text' && isText(text)))
        return 'text content is empty'
      return only(
        body,
        'model',
        'messages',
        'system',
        'max_tokens',
        'temperature',
        'stream',
        'output_config',
        'output_format',
      )
    },
    asked: ({ messages, system, stream, max_tokens, output_config, output_format }) => ({
      system: system ? textOf(system) : '',
      user: textOf((messages as { content: unknown }[])[0]!.content),
      json: output_config !== undefined || output_format !== undefined,
      stream: stream === true,
      maxTokens: max_tokens as number,
    }),
    reply: (text, { input, output, reasoning }, finish) => ({
      type: 'message',
      id: 'msg_1',
      role: 'assistant',
      model: 'claude-haiku-4-5',
      content: [{ type: 'text', text }],
      stop_reason: finish === 'stop' ? 'end_turn' : 'max_tokens',
      stop_sequence: null,
      usage: { input_tokens: input, output_tokens: output + reasoning },
    }),
    events: (pieces, { input, output, reasoning }) =>
      [
        {
          type: 'message_start',
          message: {
            id: 'msg_1',
            type: 'message',
            role: 'assistant',
            model: 'claude-haiku-4-5',
            content: [],
            stop_reason: null,
            usage: { input_tokens: input, output_tokens: 1 },
          },
        },
        { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
        ...pieces.map((text) => ({ type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text } })),
        { type: 'content_block_stop', index: 0 },
        {
          type: 'message_delta',
          delta: { stop_reason: 'end_turn', stop_sequence: null },
          usage: { output_tokens: output + reasoning },
        },
        { type: 'message_stop' },
      ].map((data) => [data.type, data]),
    error: (status, message) => ({
      type: 'error',
      error: { type: status === 429 ? 'rate_limit_error' : 'invalid_request_error', message },
    }),
    overflow: { status: 400, message: 'prompt is too long: 208310 tokens > 200000 maximum', code: '' },
  },
  google: {
    model: 'gemini-2.5-flash',
    path: /^\/v1beta\/models\/gemini-2\.5-flash:(?:generateContent|streamGenerateContent\?alt=sse)$/,
    environment: (address) => ({ GOOGLE_BASE_URL: `${address}/v1beta`, GOOGLE_GENERATIVE_AI_API_KEY: 'secret' }),
    check(body, headers) {
      if (headers['x-goog-api-key'] !== 'secret') return 'no key'
      const contents = body.contents as { role: string; parts: { text: string }[] }[]
      if (contents.length !== 1 || contents[0]!.role !== 'user') return 'contents must be one of the user'
      if (!contents[0]!.parts.every(({ text }) => isText(text))) return 'a part is empty'
      return (
        only(body, 'contents', 'systemInstruction', 'generationConfig') ??
        only(
          body.generationConfig as Body,
          'maxOutputTokens',
          'temperature',
          'responseMimeType',
          'responseSchema',
          'responseJsonSchema',
        )
      )
    },
    asked: ({ contents, systemInstruction, generationConfig }, path) => ({
      system: systemInstruction ? textOf((systemInstruction as Body).parts) : '',
      user: textOf((contents as { parts: unknown }[])[0]!.parts),
      json: (generationConfig as Body).responseMimeType === 'application/json',
      stream: path.includes('streamGenerateContent'),
      maxTokens: (generationConfig as Body).maxOutputTokens as number | undefined,
    }),
    reply: googleReply,
    events: (pieces, counts, finish) =>
      pieces.map((piece, index) => [
        undefined,
        googleReply(piece, counts, index === pieces.length - 1 ? finish : undefined),
      ]),
    error: (code, message) => ({ error: { code, message, status: 'INVALID_ARGUMENT' } }),
    overflow: {
      status: 400,
      message: 'The input token count (1200000) exceeds the maximum number of tokens allowed (1048576).',
      code: '',
    },
  },
}

function googleReply(text: string, { input, output, reasoning }: Counts, finish: string | undefined) {
  return {
    candidates: [
      {
        index: 0,
        content: { role: 'model', parts: [{ text }] },
        ...(finish ? { finishReason: finish === 'stop' ? 'STOP' : 'MAX_TOKENS' } : {}),
      },
    ],
    usageMetadata: {
      promptTokenCount: input,
      candidatesTokenCount: output,
      thoughtsTokenCount: reasoning,
      totalTokenCount: input + output + reasoning,
    },
  }
}

export interface Served {
  readonly name: string
  readonly environment: Record<string, string>
  /** What was asked, in the order in which it came. */
  readonly asked: Asked[]
  /** Requests that were not as the protocol says. */
  readonly wrong: string[]
  readonly protocol: Protocol
  close(): void
}

/** Serves one protocol on a port of this machine. */
export async function serve(kind: keyof typeof protocols, script: Script): Promise<Served> {
  const protocol = protocols[kind]
  const asked: Asked[] = []
  const wrong: string[] = []
  const server = createServer((request, response) => {
    let raw = ''
    request.setEncoding('utf8')
    request.on('data', (piece: string) => (raw += piece))
    request.on('end', async () => {
      const path = request.url ?? ''
      const send = (status: number, value: unknown, headers: Record<string, string> = {}): void =>
        void response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(value))
      const refuse = (why: string): void => {
        wrong.push(`${path}: ${why}`)
        send(418, protocol.error(418, why, 'wrong'))
      }
      if (request.method !== 'POST' || !protocol.path.test(path)) return refuse('no such address')
      const body = JSON.parse(raw) as Body
      if (kind !== 'google' && body.model !== protocol.model) return refuse(`model ${body.model}`)
      const why = protocol.check(body, request.headers, path)
      if (why) return refuse(why)
      const one = protocol.asked(body, path)
      const said = await script(one, asked.push(one) - 1)
      if ('status' in said)
        return send(said.status, protocol.error(said.status, said.message, said.code ?? ''), said.headers)
      const { text, reasoning = 0, finish = 'stop' } = said
      const counts = {
        input: Math.ceil((one.system + one.user).length / 4),
        output: Math.ceil(text.length / 4),
        reasoning,
      }
      if (!one.stream) return send(200, protocol.reply(text, counts, finish))
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      for (const [event, data] of protocol.events(text.match(/.{1,9}/gs) ?? [''], counts, finish))
        response.write(`${event ? `event: ${event}\n` : ''}data: ${JSON.stringify(data)}\n\n`)
      response.end(protocol.path.source.includes('chat') ? 'data: [DONE]\n\n' : '')
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    name: `${kind}/${protocol.model}`,
    environment: protocol.environment(address),
    asked,
    wrong,
    protocol,
    close() {
      server.closeAllConnections()
      server.close()
    },
  }
}

/** A small program in place of a model: copies the lines that match, or answers with the first quotation in front of it. */
export const reader =
  (evidence: RegExp): Script =>
  ({ system, user }) => {
    const lines = user.split('\n').filter((line) => evidence.test(line) && !line.startsWith('Question:'))
    if (/You collect evidence|"evidence"/.test(system)) return { text: lines.join('\n') || 'NONE' }
    if (lines.length === 0) return { text: 'NOT FOUND. The passages do not say.' }
    return { text: lines.map((line) => `It is so [1: "${line}"].`).join(' ') }
  }
