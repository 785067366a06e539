const adverbs = String.raw`(?:\s+(?:have|had|just|ever|both|all|first|last|most|recently|initially|originally|finally)){0,3}\s+`
/** That a conversation is asked about. */
const spoken = [
  String.raw`\b(?:we|you|i)${adverbs}(?:discussed|talked|been talking|spoken?|chatted|mentioned|asked|said|told|covered|brought up|went (?:over|into)|agreed|decided)\b`,
  String.raw`\bdid (?:we|you|i)${adverbs}(?:discuss|talk|speak|chat|mention|ask|say|tell|cover|bring up|go (?:over|into)|agree|decide)\b`,
  String.raw`\b(?:this|our|the) (?:conversation|chat|discussion|dialogue|meeting)\b`,
].map((words) => new RegExp(words, 'iu'))
const early =
  /\b(?:first(?:ly)?|second|third|fourth|fifth|earliest|initial(?:ly)?|beginning|at the start|start(?:ed)? (?:with|by|off)|opened with)\b(?!-| (?:quarter|half)\b)/iu
const late =
  /\b(?:last(?:ly)?(?! (?:week|month|quarter|year|night|spring|summer|autumn|fall|winter|(?:mon|tues|wednes|thurs|fri|satur|sun)day))|latest|final(?:ly)?|most recent(?:ly)?|at the end|ended (?:with|by|on)|closed with)\b(?!-)/iu
const sentences = /[^.?!。？！\n]+/gu

/**
 * The end of a conversation that a question asks for ("the second topic we discussed", "what did you say last?"), by words of English
 * in one sentence; none where it asks for neither, or for the order of something else.
 */
export function askedEnd(question: string): 'first' | 'last' | undefined {
  for (const [sentence] of question.matchAll(sentences)) {
    if (!spoken.some((words) => words.test(sentence))) continue
    if (early.test(sentence)) return 'first'
    if (late.test(sentence)) return 'last'
  }
  return undefined
}

/** How many times less what stands at the other end counts, less one. */
const slope = 2

/**
 * What worths are divided by for a place in the order of a conversation, 0 for what comes first and 1 for what comes last: 1 at the end
 * that is asked for, 3 at the other.
 */
export const endNorm = (end: 'first' | 'last', place: number): number =>
  1 + slope * (end === 'first' ? place : 1 - place)
