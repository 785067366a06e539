// Which questions ask for what came first or last in a conversation.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { askedEnd } from '../../src/core/index.ts'

test('a question for the order of a conversation names the end that it asks for', () => {
  const ends: Readonly<Record<string, 'first' | 'last' | undefined>> = {
    'What is the first topic we discussed?': 'first',
    'What is the third topic we discussed? Only give me the topic name.': 'first',
    'What did I ask you first?': 'first',
    'How did our conversation begin, and what was said at the start?': 'first',
    'What was the last thing you told me about the boat?': 'last',
    'What have we most recently decided?': 'last',
    'What was said at the end of the meeting?': 'last',
    'What did we decide the last time we talked?': 'last',
    'When did we first talk about the roof?': 'first',
    'What have we talked about most recently?': 'last',
    'What did we discuss last week?': undefined,
    'What did I tolerate first?': undefined,
    'I was asked for it at first. What do I send?': undefined,
    'What did you say about the second-hand car?': undefined,
    'What did we decide about the boat?': undefined,
    'Can you tell me who was the first president?': undefined,
    'Who was the last to leave?': undefined,
    'Which town did Anna move to first?': undefined,
    '': undefined,
  }
  for (const [question, end] of Object.entries(ends)) assert.equal(askedEnd(question), end, question)
})
