"""python -m deploy.diaryctl"""

from deploy.diaryctl.cli import main

if __name__ == "__main__":
    main(prog_name="diaryctl")
