# Sourced by ./quickstart, ./verify and ./dev: what each of them needs to find before it can start.
# shellcheck shell=bash

readonly NEEDED_JDK=25
readonly NEEDED_PACKAGES=(softhsm2 libnss3 libsodium23)
# certutil, with which the page about NSS begins; without it the page is not run, and says so.
readonly TEST_PACKAGES=(libnss3-tools)

say() { printf '%s\n' "$*" >&2; }

# The feature number of the JDK in folder $1 (25, 26, …), or 0 where there is no JDK.
jdk_feature() {
  local feature=''
  if [[ -x $1/bin/javac && -r $1/release ]]; then
    feature=$(sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$1/release")
  fi
  echo "${feature:-0}"
}

# Sets JAVA_HOME: $SHAREKEEP_JDK, else $JAVA_HOME if it is new enough, else the newest under
# $SHAREKEEP_JVM_FOLDER (/usr/lib/jvm), else exit 3 with the vendors' install lines.
find_jdk() {
  if [[ -n ${SHAREKEEP_JDK:-} ]]; then
    if (($(jdk_feature "$SHAREKEEP_JDK") < NEEDED_JDK)); then
      say "SHAREKEEP_JDK is $SHAREKEEP_JDK, which is no JDK of version $NEEDED_JDK or newer."
      no_jdk
    fi
    export JAVA_HOME=$SHAREKEEP_JDK
    return
  fi
  if [[ -n ${JAVA_HOME:-} ]] && (($(jdk_feature "$JAVA_HOME") >= NEEDED_JDK)); then
    export JAVA_HOME
    return
  fi
  local jvms=${SHAREKEEP_JVM_FOLDER:-/usr/lib/jvm} folder feature best=0 home=''
  for folder in "$jvms"/*; do
    feature=$(jdk_feature "$folder")
    if ((feature > best)); then
      best=$feature
      home=$folder
    fi
  done
  if ((best < NEEDED_JDK)); then
    say "Sharekeep needs a JDK of version $NEEDED_JDK or newer; there is none under $jvms."
    no_jdk
  fi
  export JAVA_HOME=$home
}

no_jdk() {
  cat >&2 <<'TEXT'
Install one, then run this again:
  Eclipse Temurin  https://adoptium.net/installation/linux    apt-get install temurin-25-jdk
  Azul Zulu        https://docs.azul.com/core/install/debian  apt-get install zulu25-jdk
  Amazon Corretto  https://docs.aws.amazon.com/corretto       apt-get install java-25-amazon-corretto-jdk
or name one that lies elsewhere: SHAREKEEP_JDK=/path/to/jdk
TEXT
  exit 3
}

installed() { [[ $(dpkg-query -W -f='${Status}' "$1" 2>/dev/null) == 'install ok installed' ]]; }

# Installs the Debian packages that are missing, and Maven where there is no mvn.
install_packages() {
  local missing=() package
  if command -v dpkg-query >/dev/null; then
    for package in "${NEEDED_PACKAGES[@]}"; do
      installed "$package" || missing+=("$package")
    done
    command -v mvn >/dev/null || missing+=(maven)
  elif ! command -v softhsm2-util >/dev/null || ! command -v mvn >/dev/null; then
    say 'This is no Debian, so nothing is installed for you. Install SoftHSM 2, libsodium and Maven'
    say 'with your package manager, so that softhsm2-util and mvn are on the PATH, and run this again.'
    exit 2
  fi
  ((${#missing[@]})) || return 0

  local as_root=()
  if ((EUID != 0)); then
    if ! command -v sudo >/dev/null; then
      say "These packages are missing: ${missing[*]}. As root: apt-get install ${missing[*]}"
      exit 2
    fi
    as_root=(sudo)
  fi
  say "installing ${missing[*]}"
  # An old list may name packages that the mirror no longer has, so a failure is tried once more
  # with a new one.
  if ! install_with_apt "${missing[@]}"; then
    "${as_root[@]}" apt-get update -qq >&2 || true
    if ! install_with_apt "${missing[@]}"; then
      say "apt-get could not install ${missing[*]}. Is this machine offline? Install them and run this again."
      exit 2
    fi
  fi
}

# Installs what only tests use, where that is possible; they skip aloud what they cannot run.
install_test_packages() {
  command -v dpkg-query >/dev/null || return 0
  local missing=() package as_root=()
  for package in "${TEST_PACKAGES[@]}"; do
    installed "$package" || missing+=("$package")
  done
  ((${#missing[@]})) || return 0
  if ((EUID != 0)); then
    command -v sudo >/dev/null || return 0
    as_root=(sudo -n)
  fi
  say "installing ${missing[*]}, for tests"
  install_with_apt "${missing[@]}" || say "apt-get could not install ${missing[*]}; what needs it is skipped"
}

install_with_apt() {
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
    apt-get install -qq -y --no-install-recommends "$@" >/dev/null
}

# Maven on the JDK found. SHAREKEEP_MAVEN_REPO names another local repository.
maven() {
  local options=(-B)
  [[ -z ${SHAREKEEP_MAVEN_REPO:-} ]] || options+=("-Dmaven.repo.local=$SHAREKEEP_MAVEN_REPO")
  mvn "${options[@]}" "$@"
}
