/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What runs in the guest, at EL1 (EL2, if it has that) with everything masked. x0 is the address of
 * struct params; the same with stage 1 on or off, since it is mapped flat.
 * Once it has touched what it is told to, it writes to the doorbell, and from
 * then on never leaves the guest by itself, but for two programs that ring it
 * again and again.
 */
	.section .rodata
	.global guest_start, guest_end
	.balign 16
guest_start:
	ldr	x1, [x0, #0x10]		/* nr_touches */
	add	x2, x0, #0x40		/* touches */
1:	cbz	x1, 2f
	bl	touch
	sub	x1, x1, #1
	b	1b

2:	ldr	x3, [x0, #0x00]		/* enum program */
	cmp	x3, #8
	b.eq	l2
	ldr	x3, [x0, #0x08]		/* doorbell */
	str	wzr, [x3]

	ldr	x3, [x0, #0x00]		/* enum program */
	cmp	x3, #1
	b.eq	ttbr
	cmp	x3, #2
	b.eq	flux
	cmp	x3, #3
	b.eq	idle
	cmp	x3, #6
	b.eq	2b
	cmp	x3, #7
	b.eq	faults
	mov	x9, #0
spin:	add	x9, x9, #1
	b	spin

	/* Each value in turn; the tables behind them map this code alike */
ttbr:	ldr	x4, [x0, #0x18]		/* nr_roots */
	add	x5, x0, #0x20		/* roots */
3:	ldr	x6, [x5], #8
	msr	ttbr0_el1, x6
	isb
	mov	x7, #64
4:	sub	x7, x7, #1
	cbnz	x7, 4b
	sub	x4, x4, #1
	cbnz	x4, 3b
	b	ttbr

flux:	add	x2, x0, #0x1c0		/* the four struct touch after the others */
	bl	touch
	bl	touch
	bl	touch
	bl	touch
	b	flux

	/* The first of them, and what each access took, in ticks */
faults:	ldr	x8, [x0, #0x240]	/* results */
	ldp	x3, x4, [x0, #0x1c0]	/* start, step */
	ldr	x5, [x0, #0x1d0]	/* end */
8:	cmp	x3, x5
	b.hs	9f
	isb
	mrs	x10, cntvct_el0
	str	x10, [x3]
	isb
	mrs	x11, cntvct_el0
	sub	x11, x11, x10
	str	w11, [x8], #4
	add	x3, x3, x4
	b	8b
9:	ldr	x3, [x0, #0x08]		/* doorbell */
	str	wzr, [x3]
	b	faults

idle:	wfi
	b	idle

	/*
	 * At EL2, with HCR_EL2.E2H: into a guest that runs this program too, from
	 * the same place in its own addresses. It never comes back.
	 */
	.arch armv8.1-a
l2:	add	x1, x0, #0x248		/* nested */
	ldp	x3, x4, [x1]		/* hcr, vtcr */
	ldp	x5, x6, [x1, #0x10]	/* vttbr, ttbr0 */
	msr	vtcr_el2, x4
	msr	vttbr_el2, x5
	msr	hcr_el2, x3
	isb
	ldp	x3, x4, [x1, #0x20]	/* tcr, mair */
	ldp	x5, x7, [x1, #0x30]	/* sctlr, entry */
	msr	ttbr0_el12, x6
	msr	tcr_el12, x3
	msr	mair_el12, x4
	msr	sctlr_el12, x5
	mov	x3, #0x3c5		/* EL1h with D, A, I and F masked */
	msr	spsr_el2, x3
	msr	elr_el2, x7
	ldr	x0, [x1, #0x40]		/* arg */
	isb
	eret

	/* x2: struct touch, left at the one after it */
touch:	ldp	x3, x4, [x2], #16	/* start, step */
	ldp	x5, x6, [x2], #16	/* end, write */
5:	cmp	x3, x5
	b.hs	7f
	ldr	x7, [x3]
	cbz	x6, 6f
	str	x7, [x3]
6:	add	x3, x3, x4
	b	5b
7:	ret
guest_end:

/*
 * The same for an AArch32 guest, whose r0 that is, with the program "spin" alone. In words: the
 * assembler knows no A32. It reads the lower halves of what it finds.
 */
	.global guest32_start, guest32_end
	.balign 16
guest32_start:
	.word	0xe5901010		/*	ldr	r1, [r0, #0x10] */
	.word	0xe2802040		/*	add	r2, r0, #0x40 */
	.word	0xe3510000		/* 1:	cmp	r1, #0 */
	.word	0x0a00000c		/*	beq	2f */
	.word	0xe4923008		/*	ldr	r3, [r2], #8	start */
	.word	0xe4924008		/*	ldr	r4, [r2], #8	step */
	.word	0xe4925008		/*	ldr	r5, [r2], #8	end */
	.word	0xe4926008		/*	ldr	r6, [r2], #8	write */
	.word	0xe1530005		/* 5:	cmp	r3, r5 */
	.word	0x2a000004		/*	bhs	7f */
	.word	0xe5937000		/*	ldr	r7, [r3] */
	.word	0xe3560000		/*	cmp	r6, #0 */
	.word	0x15837000		/*	strne	r7, [r3] */
	.word	0xe0833004		/*	add	r3, r3, r4 */
	.word	0xeafffff8		/*	b	5b */
	.word	0xe2411001		/* 7:	sub	r1, r1, #1 */
	.word	0xeafffff0		/*	b	1b */
	.word	0xe5903008		/* 2:	ldr	r3, [r0, #8]	doorbell */
	.word	0xe3a07000		/*	mov	r7, #0 */
	.word	0xe5837000		/*	str	r7, [r3] */
	.word	0xeafffffe		/* 6:	b	6b */
guest32_end:

	.section .note.GNU-stack, "", %progbits
