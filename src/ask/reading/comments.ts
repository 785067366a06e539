/** What a comment tells: what the code does, why it is there, how to use it, how it is done, what holds of it. */
export type CommentIntent = 'what' | 'why' | 'how-to-use' | 'how-it-is-done' | 'property'
export const commentIntents: readonly CommentIntent[] = ['what', 'why', 'how-to-use', 'how-it-is-done', 'property']

export interface CommentedCode {
  readonly code: string
  readonly comment: string
  readonly intent: CommentIntent
}

/** The intent of a comment by its words (the five kinds of Chen et al. 2021, in simple rules). */
export function commentIntent(comment: string): CommentIntent {
  const text = comment.toLowerCase()
  if (
    /\b(because|since|so that|in order to|otherwise|to avoid|to prevent|needed (for|by|when)|workaround|the reason)\b/.test(
      text,
    )
  )
    return 'why'
  if (
    /\b(must be called|should be (called|used)|use (this|it)|call (this|it)|usage|example|before calling|to be used|prefer)\b/.test(
      text,
    )
  )
    return 'how-to-use'
  if (
    /\b(thread[- ]?safe|throws?|never null|not null|returns? (null|undefined|true if|false if)|immutable|guarantee|at most|at least|complexity|o\([^)]+\)|deterministic|precondition|postcondition)\b/.test(
      text,
    )
  )
    return 'property'
  if (
    /\b(by (\w+ing|means)|first\b.*\bthen|iterat|loops?|recursive|walks|scans|using|with the help|algorithm|step)\b/.test(
      text,
    )
  )
    return 'how-it-is-done'
  return 'what'
}

/** The intent that a question asks for. */
export function wantedIntent(question: string): CommentIntent {
  const text = question.toLowerCase()
  const named = commentIntents.find((intent) => intent !== 'what' && text.includes(intent.replaceAll('-', ' ')))
  if (named) return named
  if (/\bwhy\b|\breason\b|\bpurpose\b/.test(text)) return 'why'
  if (/\bhow (to|do i|should|can i)\b.*\b(use|call)\b|\busage\b/.test(text)) return 'how-to-use'
  if (/\bhow (does|it|is)\b/.test(text)) return 'how-it-is-done'
  return /\bpropert|\bpre-?condition|\bguarantee/.test(text) ? 'property' : 'what'
}

const commented =
  /(?:^|\n)([ \t]*)(?:\/\*\*?([\s\S]{5,600}?)\*\/|((?:[ \t]*\/\/[^\n]*\n)+|(?:[ \t]*#(?![![])[^\n]*\n)+))\s*?\n?((?:[ \t]*(?:export|public|private|protected|static|async|function|def|class|const|fn|pub|func|@\w+|int|void|bool|string)\b[^\n]*\n)(?:(?!\n)[^\n]*\n?){0,11})/g

/** Python's docstrings stand below the line that they tell of. */
const documented =
  /^([ \t]*(?:async[ \t]+def|def|class)\b[^\n]*:[ \t]*\n)[ \t]*("""|''')([\s\S]{5,600}?)\2((?:\n(?![ \t]*\n)[^\n]+){0,11})/gm

/** Comments that stand right above code in a text, and docstrings, with that code (to an empty line, at most 12 lines). */
export function commentsIn(text: string): CommentedCode[] {
  const above = [...text.matchAll(commented)].map(([, , block, lines, code = '']) => ({
    comment: block ?? lines ?? '',
    code,
  }))
  const below = [...text.matchAll(documented)].map(([, head, , comment = '', body]) => ({
    comment,
    code: `${head}${body?.replace(/^\n/, '')}`,
  }))
  return [...above, ...below].flatMap(({ comment: raw, code }) => {
    const comment = plainComment(raw)
    return comment.split(' ').length < 3 ? [] : [{ code: code.trimEnd(), comment, intent: commentIntent(comment) }]
  })
}

/** A comment's words without its marks. */
export const plainComment = (text: string): string =>
  text
    .split('\n')
    .map((line) =>
      line.replace(/^\s*(?:\/\*\*?|\*\/|\*|\/\/+|#+|"""|''')?\s?/, '').replace(/\s*(?:\*\/|"""|''')\s*$/, ''),
    )
    .join(' ')
    .replace(/```\w*/g, ' ')
    .replace(/\s+/g, ' ')
    .trim()
