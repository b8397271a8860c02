import { describe, expect, test } from 'vitest';
import { openBoundedMap } from './bounded-map.ts';

describe('a bounded map', () => {
  test('never holds more than its bound, whatever comes', () => {
    const map = openBoundedMap<number, string>(100);
    for (let key = 0; key < 1_000_000; key += 1) {
      map.set(key, 'x');
      if (map.size() > 100) throw new Error(`it holds ${String(map.size())}`);
    }
    expect(map.size()).toBeGreaterThanOrEqual(50);
  });

  test('keeps what is asked for again and again', () => {
    const map = openBoundedMap<string, number>(10);
    map.set('often', 1);
    for (let key = 0; key < 1_000; key += 1) {
      map.set(`once ${String(key)}`, key);
      expect(map.get('often')).toBe(1);
    }
    expect(map.get('once 1')).toBeUndefined();
  });

  test('a new value takes the place of the old one, also one that was about to go', () => {
    const map = openBoundedMap<string, number>(4);
    map.set('a', 1);
    map.set('b', 1);
    map.set('a', 2);
    expect(map.get('a')).toBe(2);
    map.delete('a');
    expect(map.get('a')).toBeUndefined();
    expect(map.size()).toBe(1);
  });
});
