//! The first files of the demo's repository, besides its modules.

use super::shape::Shape;

/// Path and text of each file.
pub(super) fn first(shape: &Shape) -> Vec<(&'static str, String)> {
    let trunk = shape.trunk;
    let mut files = vec![
        ("README.md", "# Widget\n\nA server for widgets, played by the gonogo demo.\n".to_owned()),
        ("CHANGELOG.md", "# Changelog\n\n## Unreleased\n\n- Nothing yet.\n".to_owned()),
        ("pyproject.toml", format!("[project]\nname = \"widget\"\nversion = \"{}.4.0.dev0\"\n", shape.major)),
        (".github/CODEOWNERS", CODEOWNERS.to_owned()),
        (".github/workflows/ci.yml", CI.replace("TRUNK", trunk)),
        (".github/workflows/release.yml", RELEASE.to_owned()),
        (".github/workflows/nightly.yml", NIGHTLY.to_owned()),
    ];
    // Where the process starts a build by hand when none follows the tag, its workflow can be.
    if shape.process == "crossplane" {
        for (_, text) in files.iter_mut().filter(|(path, _)| path.ends_with("/ci.yml")) {
            *text = text.replacen("on:\n", "on:\n  workflow_dispatch:\n", 1);
        }
    }
    match shape.process.as_str() {
        "crossplane" => files.extend([
            (".github/workflows/promote.yml", PROMOTE.to_owned()),
            (".github/workflows/tag.yml", TAG.to_owned()),
        ]),
        "llama-stack" => files.push((".github/workflows/pypi.yml", PYPI.to_owned())),
        "monthly-trunk" => files.push((".github/workflows/deploy.yml", DEPLOY.to_owned())),
        _ => {}
    }
    files
}

/// It tags the commit of an input as another says.
const TAG: &str = "name: Tag
on:
  workflow_dispatch:
    inputs:
      version:
        description: The tag, such as v0.4.0
        required: true
      message:
        description: What the tag says
        required: true
      commit:
        description: The commit to tag
        required: true
permissions:
  contents: write
jobs:
  tag:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - run: git tag -a \"$TAG\" \"$COMMIT\" -m \"$MESSAGE\" && git push origin \"$TAG\"
        env:
          TAG: ${{ inputs.version }}
          COMMIT: ${{ inputs.commit }}
          MESSAGE: ${{ inputs.message }}
";

const PYPI: &str = "name: Publish packages
on:
  workflow_dispatch:
  release:
    types: [published]
permissions:
  contents: read
jobs:
  publish:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - run: make build && make publish
";

const PROMOTE: &str = "name: Promote
on:
  workflow_dispatch:
    inputs:
      version:
        description: The version to promote
        required: true
      channel:
        description: The channel that it goes to
        required: true
jobs:
  promote:
    runs-on: ubuntu-latest
    steps:
      - run: make promote VERSION=${{ inputs.version }} CHANNEL=${{ inputs.channel }}
";

const DEPLOY: &str = "name: Deploy
on:
  workflow_dispatch:
    inputs:
      version:
        description: The version to deploy
        required: true
jobs:
  deploy:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - run: make deploy VERSION=${{ inputs.version }}
";

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
