import { parentPort } from 'node:worker_threads';
import { ZxcvbnFactory } from '@zxcvbn-ts/core';
import { adjacencyGraphs, dictionary as everybodys } from '@zxcvbn-ts/language-common';
import { dictionary as english } from '@zxcvbn-ts/language-en';

export type StrengthQuestion = {
  readonly id: number;
  readonly password: string;
  readonly context: readonly string[];
};
export type StrengthAnswer = { readonly id: number; readonly score: number };

/** What is read of a password, and how far look-alikes are followed: both bound how long an answer takes. */
const limits = { maxLength: 64, l33tMaxSubstitutions: 10 };

const estimator = new ZxcvbnFactory({
  dictionary: { ...everybodys, ...english },
  graphs: adjacencyGraphs,
  ...limits,
});

parentPort?.on('message', ({ id, password, context }: StrengthQuestion) => {
  const { score } = estimator.check(password, [...context]);
  parentPort?.postMessage({ id, score } satisfies StrengthAnswer);
});
