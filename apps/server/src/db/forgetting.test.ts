import { describe, expect, test } from 'vitest';
import { openForgetting } from './forgetting.ts';

describe('what was read', () => {
  test('holds while nothing about it is forgotten', () => {
    const forgetting = openForgetting();
    const read = forgetting.moment();
    forgetting.forget('bob');
    expect(forgetting.holds(read, ['ada', 'acme'])).toBe(true);
  });

  test('holds no more once any of its subjects is forgotten, however often', () => {
    const forgetting = openForgetting();
    const read = forgetting.moment();
    forgetting.forget('acme');
    forgetting.forget('acme');
    expect(forgetting.holds(read, ['ada', 'acme'])).toBe(false);
  });

  test('holds again when it is read anew', () => {
    const forgetting = openForgetting();
    forgetting.forget('ada');
    expect(forgetting.holds(forgetting.moment(), ['ada'])).toBe(true);
  });

  test('does not hold if the note came while it was being read', () => {
    const forgetting = openForgetting();
    const begun = forgetting.moment();
    forgetting.forget('ada');
    expect(forgetting.holds(begun, ['ada'])).toBe(false);
  });

  test('holds no more, whatever its subjects, once everything is forgotten', () => {
    const forgetting = openForgetting();
    const read = forgetting.moment();
    forgetting.forgetAll();
    expect(forgetting.holds(read, [])).toBe(false);
    expect(forgetting.holds(forgetting.moment(), [])).toBe(true);
  });

  test('holds no more when it is older than what is remembered, and never though its subject was forgotten', () => {
    const forgetting = openForgetting(10);
    const moments: number[] = [];
    for (let count = 0; count < 100; count += 1) {
      moments.push(forgetting.moment());
      forgetting.forget(`subject ${String(count)}`);
    }
    const held = moments.filter((moment, at) => forgetting.holds(moment, [`subject ${String(at)}`]));
    expect(held).toEqual([]);
    const bystanders = moments.filter((moment) => forgetting.holds(moment, ['somebody else']));
    expect(bystanders.length).toBeGreaterThanOrEqual(10);
    expect(bystanders.length).toBeLessThanOrEqual(20);
  });
});
