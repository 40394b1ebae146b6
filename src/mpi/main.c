/*
 * loadscope-mpi: `loadscope run` by all ranks of an MPI job. The only place that knows MPI.
 *
 * Messages go as bytes, so all machines must be of one kind, as the readings of one run ask anyway.
 */
#include "base/memory.h"
#include "cli/command.h"
#include "cli/run.h"
#include "cli/watch.h"

#include <locale.h>
#include <mpi.h>
#include <stdlib.h>
#include <string.h>

#define TAG 1

static void share(void *bytes, size_t n)
{
    MPI_Bcast(bytes, (int)n, MPI_BYTE, 0, MPI_COMM_WORLD);
}

static void send_message(int rank, const struct ls_crew_message *message)
{
    MPI_Send(message, (int)sizeof *message, MPI_BYTE, rank, TAG, MPI_COMM_WORLD);
}

static bool receive_message(int *rank, struct ls_crew_message *message, bool wait)
{
    MPI_Status status;
    int there = 1;
    if (!wait)
        MPI_Iprobe(MPI_ANY_SOURCE, TAG, MPI_COMM_WORLD, &there, MPI_STATUS_IGNORE);
    if (!there)
        return false;
    MPI_Recv(message, (int)sizeof *message, MPI_BYTE, MPI_ANY_SOURCE, TAG, MPI_COMM_WORLD, &status);
    *rank = status.MPI_SOURCE;
    return true;
}

static _Noreturn void end_job(int status)
{
    fflush(NULL);
    MPI_Abort(MPI_COMM_WORLD, status);
    abort();
}

static int answer(int argc, char **argv, const struct ls_crew *crew)
{
    if (argc > 1 && strcmp(argv[1], "run") == 0)
        return ls_run_command(argc - 1, argv + 1, crew);
    if (crew->rank != 0)
        return LS_EXIT_REFUSED;
    if (argc > 1 && (strcmp(argv[1], "--version") == 0 || strcmp(argv[1], "-V") == 0)) {
        printf("loadscope-mpi %s\n", LS_VERSION);
        return ls_finish_output(LS_EXIT_DONE);
    }
    fprintf(stderr, "loadscope-mpi: it knows one command, run; loadscope has the others\n");
    return LS_EXIT_REFUSED;
}

int main(int argc, char **argv)
{
    struct ls_crew crew = {.share = share, .send = send_message, .receive = receive_message, .end = end_job};
    int threads;
    sigset_t before;
    setlocale(LC_CTYPE, "");
    ls_memory_keep();
    ls_watch_block(&before); /* before MPI has threads, so that no signal goes to one of them */
    if (MPI_Init_thread(&argc, &argv, MPI_THREAD_SERIALIZED, &threads) != MPI_SUCCESS)
        return LS_EXIT_FAILED;
    MPI_Comm_rank(MPI_COMM_WORLD, &crew.rank);
    MPI_Comm_size(MPI_COMM_WORLD, &crew.ranks);
    if (crew.rank != 0)
        pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (threads < MPI_THREAD_SERIALIZED && crew.ranks > 1) {
        fprintf(stderr, "loadscope-mpi: this MPI does not let more than one thread speak\n");
        end_job(LS_EXIT_FAILED);
    }
    int status = answer(argc, argv, &crew);
    MPI_Finalize();
    return status;
}
