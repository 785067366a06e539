// Spans that are asked many times for what they hold, against a search through all of them.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { HeldSpans } from '../../src/ask/reading/held-spans.ts'
import type { Span } from '../../src/core/index.ts'

const spans = fc.array(
  fc
    .tuple(fc.constantFrom('a', 'b'), fc.nat(5000), fc.oneof(fc.nat(40), fc.nat(4000)))
    .map(([source, start, length]): Span => ({ source, start, end: start + length })),
  { maxLength: 30 },
)
const holds = (outer: Span, inner: Span) =>
  outer.source === inner.source && outer.start <= inner.start && inner.end <= outer.end

test('what one of them holds, and what holds one of them, is told as a search through all of them tells it', () => {
  fc.assert(
    fc.property(spans, spans, (added, asked) => {
      const held = new HeldSpans()
      for (const span of added) held.add(span)
      for (const span of [...asked, ...added]) {
        assert.equal(
          held.covers(span),
          added.some((other) => holds(other, span)),
        )
        assert.equal(
          held.nests(span),
          added.some((other) => holds(other, span) || holds(span, other)),
        )
      }
    }),
  )
})
