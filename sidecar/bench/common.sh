# shellcheck shell=bash
# Shared by ./run and ./profile: finds a JDK 25, compiles the harness, makes Pillion ready.

bench_home=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
checkout=$(cd "$bench_home/../.." && pwd)
classes="$checkout/sidecar/target/bench-classes"

die() {
    echo "bench: $1" >&2
    exit "${2:-1}"
}

# The launcher finds a Java in the same places; here it must be a whole JDK, with its compiler.
is_jdk_25() {
    [ -x "$1/bin/javac" ] && grep -qsE '^JAVA_VERSION="(2[5-9]|[3-9][0-9])' "$1/release"
}

find_jdk() {
    local path_jdk=
    if command -v javac >/dev/null; then
        path_jdk=$(dirname "$(dirname "$(readlink -f "$(command -v javac)")")")
    fi
    local jdk
    for jdk in "${JAVA25_HOME:-}" "${JAVA_HOME:-}" "$path_jdk" /usr/lib/jvm/* /usr/java/* /opt/java \
        /opt/java/* /opt/*jdk* "$HOME"/.jdks/* "$HOME"/.sdkman/candidates/java/* \
        "$HOME"/.asdf/installs/java/* "$HOME"/.local/share/mise/installs/java/*; do
        if [ -n "$jdk" ] && is_jdk_25 "$jdk"; then
            echo "$jdk"
            return
        fi
    done
    die "no JDK 25 found: install one, or point JAVA25_HOME at it" 69
}

compile_harness() {
    local source
    for source in "$bench_home"/src/*.java; do
        if [ ! -f "$classes/stamp" ] || [ "$source" -nt "$classes/stamp" ]; then
            rm -rf "$classes"
            mkdir -p "$classes"
            "$jdk/bin/javac" --release 25 -Xlint:all -Werror -d "$classes" "$bench_home"/src/*.java \
                || die "the harness does not compile"
            touch "$classes/stamp"
            return
        fi
    done
}

# The distribution, built by the launcher where it is missing or older than the sources.
ready_pillion() {
    case " $* " in
        *" --no-pillion "* | *" --self-check "* | *" --pillion "*) return ;;
        *" --help "* | *" -h "*) return ;;
    esac
    "$checkout/sidecar/bin/pillion" --version >/dev/null || die "sidecar/bin/pillion does not build"
}

run_harness() {
    exec "$jdk/bin/java" -XX:+UseSerialGC -Xms256m -Xmx512m --enable-native-access=ALL-UNNAMED \
        -Dbench.nginx.version="${nginx_version:-}" -Dbench.jdk="$jdk" -cp "$classes" \
        dev.pillion.bench.Bench "$@" --home "$bench_home" "${pillion_option[@]}"
}

pillion_option=(--pillion "$checkout/sidecar/target/pillion/bin/pillion")
case " $* " in *" --pillion "*) pillion_option=() ;; esac
