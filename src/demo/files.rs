//! The first files of the demo's repository, besides its modules.

use super::shape::Shape;

/// Path and text of each file.
pub(super) fn first(shape: &Shape) -> Vec<(&'static str, String)> {
    let trunk = shape.trunk;
    vec![
        ("README.md", "# Widget\n\nA server for widgets, played by the gonogo demo.\n".to_owned()),
        ("CHANGELOG.md", "# Changelog\n\n## Unreleased\n\n- Nothing yet.\n".to_owned()),
        ("pyproject.toml", format!("[project]\nname = \"widget\"\nversion = \"{}.4.0.dev0\"\n", shape.major)),
        (".github/CODEOWNERS", CODEOWNERS.to_owned()),
        (".github/workflows/ci.yml", CI.replace("TRUNK", trunk)),
        (".github/workflows/release.yml", RELEASE.to_owned()),
        (".github/workflows/nightly.yml", NIGHTLY.to_owned()),
    ]
}

const CODEOWNERS: &str = "* @ana-weber @bo-lindqvist @danap
/src/widget/safety.py @chidi-o
/docs/ @emi-tanaka @octo/release-team
";

const CI: &str = "name: CI
on:
  push:
    branches: [TRUNK, 'release-*', 'release/*']
  pull_request:
jobs:
  lint:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - run: make lint
  unit-tests:
    runs-on: ubuntu-latest
    strategy:
      matrix:
        python: ['3.12', '3.13']
    steps:
      - uses: actions/checkout@v4
      - run: make test
  integration:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - run: make integration
";

const RELEASE: &str = "name: Release
on:
  workflow_dispatch:
    inputs:
      version:
        description: The version to build
        required: true
      commit:
        description: The commit to build
        required: true
jobs:
  build:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
        with:
          ref: ${{ inputs.commit }}
      - run: make dist VERSION=${{ inputs.version }}
  publish:
    needs: build
    runs-on: ubuntu-latest
    steps:
      - run: make publish
";

const NIGHTLY: &str = "name: Nightly
on:
  schedule:
    - cron: '0 3 * * *'
jobs:
  performance-benchmark:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - run: make bench
  e2e-long-haul:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - run: make long-haul
";
