const special = /[\\^$.|+()[\]]/

/** One pattern without its leading `!` as the source of a regular expression. */
function expression(pattern: string): string {
  let out = ''
  let depth = 0
  for (let at = 0; at < pattern.length; at++) {
    const character = pattern[at]!
    if (character === '*') {
      if (pattern[at + 1] !== '*') out += '[^/]*'
      else {
        at++
        const whole = (at < 2 || pattern[at - 2] === '/') && pattern[at + 1] === '/'
        if (whole) at++
        out += whole ? '(?:.*/)?' : '.*'
      }
    } else if (character === '?') out += '[^/]'
    else if (character === '{' && pattern.indexOf('}', at) !== -1) {
      depth++
      out += '(?:'
    } else if (character === '}' && depth > 0) {
      depth--
      out += ')'
    } else if (character === ',' && depth > 0) out += '|'
    else out += special.test(character) || character === '{' || character === '}' ? `\\${character}` : character
  }
  return out + ')'.repeat(depth)
}

/**
 * Whether a uri passes a filter's path patterns: at least one of those without `!` (when there are any), none of those
 * with it. A pattern without `/` is held against the last name alone; one that ends in `/` against all below it.
 */
export function pathMatcher(patterns: readonly string[]): (uri: string) => boolean {
  const compile = (pattern: string): RegExp => {
    const below = pattern.endsWith('/') ? `${pattern}**` : pattern
    return new RegExp(`${below.includes('/') ? '^' : '(?:^|/)'}${expression(below)}$`, 'su')
  }
  const wanted = patterns.filter((pattern) => !pattern.startsWith('!')).map(compile)
  const unwanted = patterns.filter((pattern) => pattern.startsWith('!')).map((pattern) => compile(pattern.slice(1)))
  return (uri) =>
    (wanted.length === 0 || wanted.some((pattern) => pattern.test(uri))) &&
    !unwanted.some((pattern) => pattern.test(uri))
}

/** Whether a media type passes a filter's types: exact, `text/*` or `*`; parameters after `;` do not count. */
export function typeMatcher(types: readonly string[]): (mediaType: string) => boolean {
  const plain = (type: string): string => type.split(';')[0]!.trim().toLowerCase()
  const wanted = types.map(plain)
  return (mediaType) => {
    const type = plain(mediaType)
    return wanted.some(
      (pattern) =>
        pattern === type ||
        pattern === '*' ||
        pattern === '*/*' ||
        (pattern.endsWith('/*') && type.startsWith(pattern.slice(0, -1))),
    )
  }
}
