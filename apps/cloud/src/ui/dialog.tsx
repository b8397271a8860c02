import { useId, useLayoutEffect, useRef } from 'react';
import type { ReactNode } from 'react';
import './dialog.css';

type DialogProps = {
  readonly title: string;
  /** Asked to close, by Escape; a dialog in the middle of its work stays by not listening. */
  readonly onClose: () => void;
  readonly isWide?: boolean;
  /** An element with `data-first` gets the focus: the answer that changes nothing, or the first thing to fill in. */
  readonly children: ReactNode;
};

function useModal() {
  const box = useRef<HTMLDialogElement>(null);
  useLayoutEffect(() => {
    const dialog = box.current;
    const before = document.activeElement;
    dialog?.showModal();
    const first =
      dialog?.querySelector<HTMLElement>('[data-first]') ?? dialog?.querySelector<HTMLElement>('h2');
    first?.focus();
    return () => {
      dialog?.close();
      const isThere = before instanceof HTMLElement && before.isConnected && before !== document.body;
      (isThere ? before : document.querySelector<HTMLElement>('main'))?.focus();
    };
  }, []);
  return box;
}

/** Asks or tells something before anything else goes on. It is open as long as it is drawn. */
export function Dialog({ title, onClose, isWide = false, children }: DialogProps) {
  const box = useModal();
  const heading = useId();
  return (
    <dialog
      ref={box}
      className={isWide ? 'dialog dialog-wide' : 'dialog'}
      aria-labelledby={heading}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
    >
      <div className="stack">
        <h2 id={heading} tabIndex={-1} dir="auto">
          {title}
        </h2>
        {children}
      </div>
    </dialog>
  );
}
