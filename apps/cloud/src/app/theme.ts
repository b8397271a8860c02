import { createTheme, defaultVariantColorsResolver } from '@mantine/core';
import type { CSSVariablesResolver, VariantColorsResolver } from '@mantine/core';

const edge = (color: string) => `1px solid ${color}`;

const variantColorResolver: VariantColorsResolver = (wish) => {
  if (wish.variant === 'filled') {
    return {
      background: 'var(--gh-accent)',
      hover: 'var(--gh-accent-hover)',
      color: 'var(--gh-on-accent)',
      border: edge('transparent'),
    };
  }
  if (wish.variant === 'default') {
    return {
      background: 'var(--gh-surface)',
      hover: 'var(--gh-accent-wash)',
      color: 'var(--gh-ink)',
      border: edge('var(--gh-line-control)'),
    };
  }
  if (wish.variant === 'subtle') {
    return {
      background: 'transparent',
      hover: 'var(--gh-accent-wash)',
      color: 'var(--gh-accent-ink)',
      border: edge('transparent'),
    };
  }
  return defaultVariantColorsResolver(wish);
};

export const theme = createTheme({
  colors: {
    pine: [
      '#eef6f3',
      '#e3efea',
      '#b7d6cb',
      '#93d0bd',
      '#86c7b3',
      '#4a927d',
      '#347b67',
      '#1d5a4c',
      '#154539',
      '#0c2f27',
    ],
  },
  primaryColor: 'pine',
  primaryShade: { light: 7, dark: 4 },
  variantColorResolver,
  fontFamily:
    "'Inter Variable', Inter, 'Segoe UI Variable Text', 'Segoe UI', -apple-system, 'Helvetica Neue', 'Noto Sans', 'Liberation Sans', Arial, sans-serif",
  fontFamilyMonospace:
    "ui-monospace, 'SF Mono', 'Cascadia Mono', Menlo, Consolas, 'Liberation Mono', 'DejaVu Sans Mono', monospace",
  defaultRadius: '8px',
  respectReducedMotion: true,
  cursorType: 'pointer',
});

const jobs = {
  '--mantine-color-text': 'var(--gh-ink)',
  '--mantine-color-body': 'var(--gh-canvas)',
  '--mantine-color-dimmed': 'var(--gh-ink-soft)',
  '--mantine-color-placeholder': 'var(--gh-ink-soft)',
  '--mantine-color-anchor': 'var(--gh-accent-ink)',
  '--mantine-color-default': 'var(--gh-surface)',
  '--mantine-color-default-border': 'var(--gh-line-control)',
};

/** Mantine's own variables, pointed at the colours of `theme.css`. */
export const cssVariables: CSSVariablesResolver = () => ({ variables: {}, light: jobs, dark: jobs });
