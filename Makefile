# loadscope: make [all|demo|check|bench|bench-full|asan|lint|format|install|uninstall|dist], V=1 shows commands.
# Objects live in build/CONFIG; CONFIG is release (default), debug, asan or fuzz.

VERSION := 0.1.0
CONFIG  ?= release
PREFIX  ?= /usr/local
CC      ?= cc
CFLAGS  ?= -O2 -g

O := build/$(CONFIG)
Q := $(if $(filter 1,$(V)),,@)

# What Debian calls what we use; each list is for the targets named after it.
BUILD_PACKAGES := gcc libc6-dev pkg-config libcsv-dev libglpk-dev libinih-dev libncurses-dev libcjson-dev \
                  libglib2.0-dev zlib1g-dev libnetcdf-dev libhdf5-dev libxxhash-dev tzdata
CHECK_PACKAGES := $(BUILD_PACKAGES) libcmocka-dev libvterm-dev sqlite3 netcdf-bin libopenmpi-dev openmpi-bin zsh \
                  openssh-client openssh-server strace
FUZZ_PACKAGES  := $(BUILD_PACKAGES) clang libclang-rt-dev
LINT_PACKAGES  := $(BUILD_PACKAGES) libcmocka-dev libvterm-dev clang clang-tidy clang-format cppcheck

PKG_LIB := glib-2.0 inih libcjson zlib netcdf hdf5 libxxhash
PKG_TUI := ncursesw formw

warnings := -Wall -Wextra -Wconversion -Wshadow -Wcast-qual -Wstrict-prototypes -Wmissing-prototypes \
            -Wpointer-arith -Wundef -Wwrite-strings
sanitize := $(if $(filter asan,$(CONFIG)),-fsanitize=address -fsanitize=undefined -fno-sanitize-recover=all -fno-omit-frame-pointer)
pkg      := $(shell pkg-config --cflags-only-I $(PKG_LIB) $(PKG_TUI) 2>/dev/null)
cppflags := -std=c17 -D_XOPEN_SOURCE=700 -D_DEFAULT_SOURCE -D_XOPEN_SOURCE_EXTENDED -DLS_VERSION='"$(VERSION)"' \
            -Iinclude -Isrc $(pkg) $(if $(filter release,$(CONFIG)),-DNDEBUG)
lib_libs  = $(shell pkg-config --libs $(PKG_LIB)) -lcsv -lglpk -lm -lpthread
tui_libs  = $(shell pkg-config --libs $(PKG_TUI))

lib_src := $(wildcard $(addsuffix /*.c,$(addprefix src/,base data model solve study report)))
app_src := $(wildcard src/tui/*.c src/tui/commands/*.c src/tui/views/*.c src/cli/*.c)
lib_obj := $(lib_src:%.c=$O/obj/%.o)
app_obj := $(app_src:%.c=$O/obj/%.o)
lib     := $O/libloadscope.a
app     := $O/loadscope

# Built where MPI is.
MPICC   ?= $(shell command -v mpicc 2>/dev/null)
mpi_obj := $O/obj/src/mpi/main.o
mpi_app := $(if $(MPICC),$O/loadscope-mpi)

unit_src   := $(wildcard tests/unit/test_*.c tests/golden/test_*.c tests/cli/test_*.c)
screen_src := $(wildcard tests/screen/test_*.c)
demo_src   := $(wildcard tests/screen/demo*.c)
unit_bin   := $(unit_src:%.c=$O/%)
screen_bin := $(screen_src:%.c=$O/%)
demo_bin   := $(demo_src:%.c=$O/%)
support    := $(patsubst %.c,$O/obj/%.o,$(wildcard tests/support/*.c))
pty        := $O/obj/tests/screen/pty.o
drawing    := $(patsubst %,$O/obj/src/tui/%.o,frame chart chart_pair theme)
tui_obj    := $(filter $O/obj/src/tui/%,$(app_obj))
fuzz_src   := $(wildcard tests/fuzz/fuzz_*.c)
bench_src  := $(sort $(wildcard tests/bench/bench*.c))
bench_bin  := $(bench_src:%.c=$O/%)
study_obj  := $(patsubst %.c,$O/obj/%.o,$(wildcard tests/bench/study*.c))

sources := $(lib_src) $(app_src)
all_c   := $(sources) $(wildcard src/mpi/*.c tests/*/*.c)
all_h   := $(wildcard include/loadscope/*.h src/*/*.h src/*/*/*.h tests/*/*.h)

.PHONY: all demo check tests run-tests fuzz bench bench-full asan lint format install uninstall dist clean packages
all: $(app) $(lib) $(mpi_app)

$(lib): $(lib_obj)
	@rm -f $@
	$(Q)ar rcs $@ $^

$(app): $(app_obj) $(lib)
	@echo "  LD  $@"
	$(Q)$(CC) $(CFLAGS) $(sanitize) $(LDFLAGS) -o $@ $(app_obj) $(lib) $(tui_libs) $(lib_libs)

$O/loadscope-mpi: $(mpi_obj) $(filter-out $O/obj/src/cli/main.o,$(app_obj)) $(lib)
	@echo "  LD  $@"
	$(Q)$(MPICC) $(CFLAGS) $(sanitize) $(LDFLAGS) -o $@ $^ $(tui_libs) $(lib_libs)

# The headers of MPI are not held to our warnings.
$(mpi_obj): CC := $(MPICC)
$(mpi_obj): warnings := -Wall -Wextra

$O/obj/%.o: %.c
	@echo "  CC  $<"
	@mkdir -p $(@D)
	$(Q)$(CC) $(cppflags) $(CFLAGS) $(vectorise) $(warnings) $(sanitize) -MMD -MP -c -o $@ $<

# The copy for machines with vectors of 512 bits shall use them; compilers prefer half of that.
widest := $(if $(filter x86_64%,$(shell $(CC) -dumpmachine 2>/dev/null)),-mprefer-vector-width=512)
# Loops over rows of a city-day that are written to be vectorised, which -O2 does by half.
build/release/obj/src/solve/greedy_kernel.o: vectorise := -O3 $(widest)
$(patsubst %,build/release/obj/%.o,src/model/derive src/model/floors $(addprefix src/solve/,bound combinatorial greedy_day \
    greedy_sure limits turn) tests/bench/bench_greedy): vectorise := -O3

# ---- The two commands of a fresh machine

demo:
	@$(MAKE) --no-print-directory packages WANTED="$(BUILD_PACKAGES)"
	@$(MAKE) --no-print-directory all
	@if [ -t 0 ] && [ -t 1 ]; then exec $(app) $(demo_data); else exec $(app) --plain $(demo_data); fi

demo_data := sample_data/readings.csv.gz --scenario sample_data/restricted.ini

check:
	@$(MAKE) --no-print-directory packages WANTED="$(CHECK_PACKAGES)"
	@$(MAKE) --no-print-directory all
	@$(MAKE) --no-print-directory CONFIG=asan CFLAGS="-O1 -g" run-tests

probe := csv.h glpk.h ini.h form.h cjson/cJSON.h glib.h zlib.h netcdf.h hdf5.h xxhash.h
# Installs the packages of WANTED that are missing, or says what to install where there is no apt.
packages:
	@missing=; \
	if command -v dpkg-query >/dev/null; then \
	    for p in $(WANTED); do \
	        dpkg-query -W -f='$${Status}' $$p 2>/dev/null | grep -q ' installed' || missing="$$missing $$p"; \
	    done; \
	fi; \
	if ! command -v dpkg-query >/dev/null; then \
	    echo '$(probe)' | tr ' ' '\n' | sed 's/.*/#include <&>/' | $(CC) -E $(pkg) - >/dev/null 2>&1 || \
	        missing=" $(WANTED)"; \
	fi; \
	if [ -z "$$missing" ]; then exit 0; fi; \
	if ! command -v apt-get >/dev/null; then \
	    echo "Install what Debian calls:$$missing"; exit 1; \
	fi; \
	sudo=; [ "$$(id -u)" = 0 ] || sudo=sudo; \
	if [ -n "$$sudo" ] && ! command -v sudo >/dev/null; then \
	    echo "As root, run: apt-get install$$missing"; exit 1; \
	fi; \
	echo "Installing$$missing"; \
	$$sudo env DEBIAN_FRONTEND=noninteractive sh -c \
	    "apt-get update -qq && apt-get install -y -qq --no-install-recommends$$missing" >/dev/null

# ---- Tests

tests: $(unit_bin) $(screen_bin) $(demo_bin) $(app)

run-tests: tests
	@$(app) help manual | cmp -s - man/loadscope.1 || \
	    { echo "man/loadscope.1 is stale: write it with 'loadscope help manual'"; exit 1; }
	@LOADSCOPE_BIN=$(app) LOADSCOPE_BIN_DIR=$O LOADSCOPE_MPI=build/release/loadscope-mpi sh tests/run.sh $(unit_bin) $(screen_bin)

# Unit and golden tests see the library alone: no curses on their link line.
$(unit_bin): $O/%: $O/obj/%.o $(support) $(lib)
	@mkdir -p $(@D)
	$(Q)$(CC) $(CFLAGS) $(sanitize) -o $@ $(filter %.o,$^) $(lib) $(lib_libs) -lcmocka

# Brings what the library allocates to tests that make it fail.
memory_bin := $(addprefix $O/tests/unit/,test_memory test_memory_study test_memory_tuning)
$(memory_bin): $(addprefix $O/obj/tests/unit/,fault.o outcome.o sweep.o)
$(memory_bin): lib_libs += -Wl,--wrap=malloc,--wrap=calloc,--wrap=realloc,--wrap=strdup,--wrap=strndup

# Results under test, and ways to spoil them.
$(addprefix $O/tests/unit/test_verify,_moves _totals) $O/tests/unit/test_verify: $O/obj/tests/unit/verify_case.o

# Frames and charts are drawn without curses, and tested so.
$(addprefix $O/tests/unit/,test_frame test_chart test_theme test_picture test_cast): $(drawing)
$O/tests/unit/test_picture: $(patsubst %,$O/obj/src/tui/%.o,picture picture_svg picture_png)
$O/tests/unit/test_cast: $O/obj/src/tui/cast.o
$O/tests/unit/test_clipboard: $O/obj/src/tui/clipboard.o

# What a session keeps has no screen either.
$O/tests/unit/test_session: $(patsubst %,$O/obj/src/tui/%.o,answers log play settings theme typed undo xdg)
$O/tests/unit/test_task: $O/obj/src/tui/task.o

$(screen_bin): $O/%: $O/obj/%.o $(pty) $O/obj/tests/support/folder.o $(lib)
	@mkdir -p $(@D)
	$(Q)$(CC) $(CFLAGS) $(sanitize) -o $@ $(filter %.o,$^) $(lib) $(lib_libs) -lvterm -lcmocka

# Try all that the explorer's own tables have.
every_bin := $(addprefix $O/tests/screen/test_explorer_,cost matrix random safe)
$(every_bin): $O/obj/tests/screen/every.o $(tui_obj)
$(every_bin): lib_libs := $(tui_libs) $(lib_libs)

# Sets ncurses beside libvterm.
$O/tests/screen/test_squeeze: $(patsubst %,$O/obj/src/tui/%.o,frame paint squeeze theme)
$O/tests/screen/test_squeeze: lib_libs := $(tui_libs) $(lib_libs)

$(demo_bin): $O/%: $O/obj/%.o $(tui_obj) $(lib)
	@mkdir -p $(@D)
	$(Q)$(CC) $(CFLAGS) $(sanitize) -o $@ $(filter %.o,$^) $(lib) $(tui_libs) $(lib_libs)

# FUZZ_SECONDS for each reader of files; needs clang.
FUZZ_SECONDS ?= 20
fuzz:
	@$(MAKE) --no-print-directory packages WANTED="$(FUZZ_PACKAGES)"
	@for f in $(fuzz_src:tests/fuzz/%.c=%); do \
	    $(MAKE) --no-print-directory CONFIG=fuzz CC=clang build/fuzz/$$f && \
	    mkdir -p build/fuzz/corpus/$$f && \
	    build/fuzz/$$f -max_total_time=$(FUZZ_SECONDS) -max_len=4096 -print_final_stats=1 -verbosity=0 \
	        -artifact_prefix=build/fuzz/ build/fuzz/corpus/$$f || exit 1; \
	done

build/fuzz/fuzz_%: tests/fuzz/fuzz_%.c $(lib_src)
	@mkdir -p $(@D)
	$(Q)clang $(cppflags) -O1 -g -fsanitize=fuzzer,address,undefined -fno-sanitize-recover=all -o $@ $^ $(lib_libs)

# ---- Measuring

# BENCH=--full measures at full size: some minutes and 10 GB in TMPDIR, instead of one and 1 GB.
BENCH ?= --quick
bench: $(bench_bin) $(app)
	@for b in $(bench_bin); do LOADSCOPE_BIN=$(app) $$b $(BENCH) || exit 1; done

bench-full:
	@$(MAKE) --no-print-directory bench BENCH=--full

# Looks at the explorer in a pseudo-terminal.
$O/tests/bench/bench_study: $(study_obj) $(pty)
$O/tests/bench/bench_study: lib_libs += -lvterm -lcmocka

$O/tests/bench/%: $O/obj/tests/bench/%.o $(lib)
	@mkdir -p $(@D)
	$(Q)$(CC) $(CFLAGS) $(sanitize) -o $@ $(filter %.o,$^) $(lib) $(lib_libs)

# ---- Keeping it clean

asan:
	@$(MAKE) --no-print-directory CONFIG=asan CFLAGS="-O1 -g" all

lint:
	@$(MAKE) --no-print-directory packages WANTED="$(LINT_PACKAGES)"
	$(Q)clang-format --dry-run -Werror $(all_c) $(all_h)
	$(Q)cppcheck --quiet --std=c11 --enable=warning,portability,performance --inline-suppr \
	    --suppress=missingIncludeSystem --error-exitcode=1 -Iinclude -Isrc -DLS_VERSION='""' $(sources)
	$(Q)$(MAKE) --no-print-directory CONFIG=analyze CFLAGS="-O1 -fanalyzer -Werror" build/analyze/libloadscope.a
	$(Q)clang-tidy --quiet $(sources) -- $(filter-out -DNDEBUG,$(cppflags))

format:
	clang-format -i $(all_c) $(all_h)

# ---- Handing it on

bash_dir := share/bash-completion/completions
zsh_dir  := share/zsh/site-functions
data_dir := share/loadscope

install: all
	install -d $(DESTDIR)$(PREFIX)/bin $(DESTDIR)$(PREFIX)/lib $(DESTDIR)$(PREFIX)/include/loadscope \
	    $(DESTDIR)$(PREFIX)/share/man/man1 $(DESTDIR)$(PREFIX)/$(bash_dir) $(DESTDIR)$(PREFIX)/$(zsh_dir) \
	    $(DESTDIR)$(PREFIX)/$(data_dir)
	install -m 755 $(app) $(mpi_app) $(DESTDIR)$(PREFIX)/bin/
	install -m 644 $(lib) $(DESTDIR)$(PREFIX)/lib/
	install -m 644 include/loadscope/*.h $(DESTDIR)$(PREFIX)/include/loadscope/
	install -m 644 man/loadscope.1 $(DESTDIR)$(PREFIX)/share/man/man1/
	install -m 644 sample_data/*.tour sample_data/*.ini sample_data/readings.csv.gz $(DESTDIR)$(PREFIX)/$(data_dir)/
	$(app) help bash-completion >$(DESTDIR)$(PREFIX)/$(bash_dir)/loadscope
	$(app) help zsh-completion >$(DESTDIR)$(PREFIX)/$(zsh_dir)/_loadscope

uninstall:
	rm -f $(DESTDIR)$(PREFIX)/bin/loadscope $(DESTDIR)$(PREFIX)/bin/loadscope-mpi $(DESTDIR)$(PREFIX)/lib/libloadscope.a \
	    $(DESTDIR)$(PREFIX)/share/man/man1/loadscope.1 $(DESTDIR)$(PREFIX)/$(bash_dir)/loadscope \
	    $(DESTDIR)$(PREFIX)/$(zsh_dir)/_loadscope
	rm -rf $(DESTDIR)$(PREFIX)/include/loadscope $(DESTDIR)$(PREFIX)/$(data_dir)

dist:
	@mkdir -p build
	git archive --format=tar.gz --prefix=loadscope-$(VERSION)/ -o build/loadscope-$(VERSION).tar.gz HEAD

clean:
	rm -rf build

.SECONDARY:
-include $(shell [ -d $O/obj ] && find $O/obj -name '*.d')
