# The commands of the project; 'make' lists them. What is missing on the machine is installed first: Scripts/setup.sh.

.DEFAULT_GOAL := help
.PHONY: help demo build test test-tools large-sound bench bench-batch bench-annotations bench-boxes bench-gif bench-audio bench-video browser-test video-colors video-frames count-allocations fuzz conformance docs format lint check-consumer kill-test kernel-test-arm64 fixtures clean

SWIFT ?= swift
FUZZ_SECONDS ?= 60
FUZZ_TARGETS ?= npy npz safetensors pt png jpeg headers tar encode rle polygon coco yolo labelme voc boxes font y4m gif gifencode video wav sound
DEMO_FOLDER ?= demo
SWIFT_FILES = Package.swift Sources Tests $(wildcard Benchmarks/Package.swift Benchmarks/Sources)

help: ## list these commands
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "make %-18s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: build ## build, and turn the tensors of Fixtures/ into pictures in demo/
	@Scripts/demo.sh $(DEMO_FOLDER)

build: ## build a release of the command line
	@Scripts/setup.sh build
	$(SWIFT) build -c release --product tensor-media

test: test-tools ## run the tests
	$(SWIFT) test

test-tools: ## install what the tests compare with (NumPy, Pillow, OpenCV, scikit-image, SciPy, soundfile, safetensors)
	@Scripts/setup.sh test

bench: ## time our encoders beside libpng, libjpeg, Pillow, OpenCV and wandb: make bench [CORPUS=DIR]
	@Scripts/setup.sh bench
	@Benchmarks/run.sh $(CORPUS)

bench-batch: ## time 'convert' on 10,000 tensors beside the work in memory and a loop in C over the files
	@Scripts/setup.sh bench
	@Benchmarks/batch.sh

bench-annotations: ## time overlays of masks beside the plain encode, and argmax beside reading the same bytes
	@Scripts/setup.sh build
	cd Benchmarks && $(SWIFT) run -c release annotation-benchmarks

bench-boxes: ## time reading and validating 100,000 boxes beside orjson
	@Scripts/setup.sh bench
	@Benchmarks/boxes.sh

bench-gif: ## time the GIF encoder beside ffmpeg, Pillow, imageio and libimagequant: make bench-gif [CLIPS=DIR]
	@Scripts/setup.sh bench
	@Benchmarks/gif.sh $(CLIPS)

bench-audio: ## time WAV files beside libsndfile, soundfile, scipy and wandb, and pictures of sounds beside librosa, matplotlib and sox, other rates beside soxr
	@Scripts/setup.sh bench
	@Benchmarks/audio.sh

bench-video: ## time mp4, webm and ogg beside the bare codec, wandb, imageio, PyAV, OpenCV and ffmpeg: make bench-video [CLIPS=DIR]
	@Scripts/setup.sh bench
	@Benchmarks/video.sh $(CLIPS)

video-colors: ## print how far off colours are that went through a video, as ffmpeg and a headless Chromium show them
	@Scripts/setup.sh browser
	$(SWIFT) build -c release --product tensor-media
	@$${TENSOR_MEDIA_PYTHON:-.tools/bin/python} Scripts/browser_video_test.py .build/release/tensor-media "$$(command -v chromium || command -v google-chrome)" --colors

video-frames: ## write 2,646 videos at 126 frame rates, and check count, order, times and durations by ffprobe and ffmpeg
	@Scripts/setup.sh test
	$(SWIFT) build -c release --product tensor-media
	@$${TENSOR_MEDIA_PYTHON:-.tools/bin/python} Scripts/video_frames_test.py .build/release/tensor-media

browser-test: ## play clips, videos and sounds of ours in a headless Chromium, and compare frames, colours, times and loops
	@Scripts/setup.sh browser
	$(SWIFT) build -c release --product tensor-media
	@$${TENSOR_MEDIA_PYTHON:-.tools/bin/python} Scripts/browser_test.py .build/release/tensor-media "$$(command -v chromium || command -v google-chrome)"
	@$${TENSOR_MEDIA_PYTHON:-.tools/bin/python} Scripts/browser_video_test.py .build/release/tensor-media "$$(command -v chromium || command -v google-chrome)"
	@$${TENSOR_MEDIA_PYTHON:-.tools/bin/python} Scripts/browser_sound_test.py .build/release/tensor-media "$$(command -v chromium || command -v google-chrome)"

large-sound: ## write a sound of 5 GiB, and have it read back whole by libsndfile and ffmpeg
	@Scripts/setup.sh test
	$(SWIFT) build -c release --product tensor-media
	@$${TENSOR_MEDIA_PYTHON:-.tools/bin/python} Scripts/large_sound_test.py .build/release/tensor-media

count-allocations: ## count the allocations of 1,001 and of 2,001 small pictures, which have to be equal
	@Scripts/setup.sh build
	cd Benchmarks && $(SWIFT) run -c release count-allocations

fuzz: ## fuzz every reader and the PNG encoder under the address sanitizer: make fuzz FUZZ_SECONDS=60 (each)
	@Scripts/setup.sh build
	@Scripts/fuzz.sh $(FUZZ_SECONDS) $(FUZZ_TARGETS)

conformance: ## compare with recorded behaviour of wandb: make conformance CORPUS=DIR
	@test -d "$(CORPUS)" || { echo "make conformance CORPUS=DIR: no such folder: '$(CORPUS)'" >&2; exit 64; }
	@Scripts/setup.sh build
	@Scripts/conformance.sh "$(CORPUS)"

docs: ## build the documentation in .build/docs
	@Scripts/setup.sh build
	@Scripts/docs.sh

format: ## format the Swift sources
	$(SWIFT) format -i -r -p $(SWIFT_FILES)

lint: ## check the format of the Swift sources
	$(SWIFT) format lint -s -r -p $(SWIFT_FILES)

check-consumer: ## check that a package which links ImageCoding alone needs libpng, libjpeg and libdeflate only
	@Scripts/setup.sh build
	@Scripts/check_consumer.sh

kill-test: ## kill a batch of 2,000 at 20 instants, take it up each time, and compare with one that ran through
	@Scripts/setup.sh build
	TENSOR_MEDIA_KILL_TEST=2000x20 $(SWIFT) test --filter BatchTests.killed

kernel-test-arm64: ## compare the arm64 kernels with plain C, under qemu where the machine is another
	@Scripts/kernel_test_arm64.sh

fixtures: ## make Fixtures/ again; needs the packages of Scripts/requirements-fixtures.txt
	$(or $(TENSOR_MEDIA_PYTHON),.tools/bin/python) Scripts/make_fixtures.py

clean: ## remove everything that was built
	rm -rf .build .build-* Benchmarks/.build demo
