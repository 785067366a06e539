import type { Anchor, OutlineNode } from '../../core/index.ts'
import { makeSource } from '../../core/index.ts'
import type { Format, FormatMeta } from '../contract.ts'
import { readText } from '../parts.ts'
import { readError } from '../problems.ts'
import { type Cue, parseCues } from './subtitles/cues.ts'

export const meta = {
  name: 'subtitles',
  summary: 'Subtitles in SRT and WebVTT: the lines of the cues, each with its time code and its speaker.',
  extensions: ['srt', 'vtt'],
  mediaTypes: ['application/x-subrip', 'text/vtt'],
  version: 1,
} as const satisfies FormatMeta

const detailOf = ({ start, end, speaker }: Cue): NonNullable<OutlineNode['detail']> => ({
  time: start,
  until: end,
  ...(speaker === undefined ? {} : { speaker }),
})

/** The text is that of the cues, one after another, without tags; damaged cues are left out with a warning `cue-skipped`. */
const read: Format = async function* (input, context) {
  const { text: original, encoding } = await readText(input, context)
  context.abortSignal?.throwIfAborted()
  const { cues, skipped, webvtt, language } = parseCues(original)
  if (skipped.length > 0)
    context.warn({
      code: 'cue-skipped',
      uri: input.uri,
      message: `${input.uri}: ${skipped.length} ${skipped.length === 1 ? 'cue has' : 'cues have'} no readable time code and were left out, the first at line ${skipped[0]}`,
    })
  if (cues.length === 0)
    throw readError('no-text', input, 'it has no cue with a time code and text', 'check that it is a subtitle file')
  const anchors: Anchor[] = []
  const outline: OutlineNode[] = []
  let text = ''
  for (const cue of cues) {
    if (text !== '') text += '\n'
    const at = text.length
    text += cue.text
    anchors.push({ at, time: cue.start, line: cue.line })
    outline.push({ kind: 'cue', level: 1, start: at, end: text.length, detail: detailOf(cue) })
  }
  yield await makeSource({
    uri: input.uri,
    text,
    mediaType: webvtt ? 'text/vtt' : 'application/x-subrip',
    ...(language === undefined ? {} : { language }),
    outline,
    origin: { encoding, anchors },
  })
}

export default read
